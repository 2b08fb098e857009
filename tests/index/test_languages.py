"""From files to quotes in four languages, with a multilingual model that the configuration names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import index.cli
import retrieval.cli
from index.encoders.model_files import find_model
from index.storage.generations import open_generation

# By language: the sentences of the article asked about, and the text of another article.
SENTENCES = {
    "en": [
        "The mayor of Oslo opened a new bridge over the river on Monday.",
        "The bridge cost 250 million crowns and took three years to build.",
        "Ferries will go on running until the autumn.",
    ],
    "ru": [
        "Глава Роскосмоса Дмитрий Рогозин выступил в Москве в субботу.",
        "Он сообщил, что санкции мешают работе космической станции.",
        "Следующий корабль «Союз» запустят в сентябре.",
    ],
    "ar": [
        "افتتح الرئيس المصري مستشفى جديدا في القاهرة يوم الاثنين.",
        "وقال الوزير إن المستشفى يضم خمسمئة سرير للمرضى.",
        "وستبدأ المرحلة الثانية من المشروع في العام المقبل.",
    ],
    "zh": ["北京市政府星期一宣布了新的地铁线路。", "这条线路全长四十公里，共有二十个车站。", "票价将在明年春天公布。"],
}
OTHERS = {
    "en": "Farmers in the north harvested less wheat than last year. Rain was rare, and prices rose at the market.",
    "ru": "Фермеры собрали меньше пшеницы, чем в прошлом году. Дождей было мало, и цены на рынке выросли.",
    "ar": "حصد المزارعون قمحا أقل من العام الماضي. وكانت الأمطار قليلة وارتفعت الأسعار في الأسواق.",
    "zh": "今年农民收获的小麦比去年少。雨水稀少，市场上的价格上涨了。",
}
ASKED = [  # a language, a question, and the number of the sentence that answers it
    ("en", "How much did the bridge cost to build?", 1),
    ("en", "When did the mayor open the bridge?", 0),
    ("ru", "Кому мешают санкции?", 1),
    ("ru", "Когда запустят следующий корабль «Союз»?", 2),
    ("ru", "Where did Дмитрий Рогозин speak?", 0),
    ("ar", "كم سريرا يضم المستشفى؟", 1),
    ("ar", "متى تبدأ المرحلة الثانية من المشروع؟", 2),
    ("zh", "地铁线路全长多少公里？", 1),
    ("zh", "票价什么时候公布？", 2),
]


def text_of(language: str) -> str:
    return ("" if language == "zh" else " ").join(SENTENCES[language])


def make_multilingual_model(folder: Path) -> Path:
    """Save a small XLM-RoBERTa with random weights, and a unigram tokenizer trained on the four languages."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=800, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator([*map(text_of, SENTENCES), *OTHERS.values()], trainer)
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    raw = folder.with_name(f"{folder.name}-raw")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>", mask_token="<mask>",
        cls_token="<s>", sep_token="</s>",
    ).save_pretrained(raw)  # fmt: skip
    torch.manual_seed(7)
    config = XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=130,
        type_vocab_size=1,
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(raw)
    SentenceTransformer(modules=[Transformer(str(raw), max_seq_length=128), Pooling(64, "mean")]).save(str(folder))
    return folder


@pytest.fixture(scope="module", params=["full", "draft"])
def config(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an index of articles in all four languages with the command; their languages are detected."""
    folder = tmp_path_factory.mktemp("languages")
    make_multilingual_model(folder / "model")
    config = folder / "config.toml"
    # With random weights, the confidence is meaningless.
    config.write_text('[index]\nsources = ["news"]\nmodel = "model"\n[retrieval]\nmin_confidence = 0\n', "utf-8")
    (folder / "news").mkdir()
    for language in SENTENCES:
        (folder / "news" / f"{language}.txt").write_text(text_of(language), "utf-8")
        (folder / "news" / f"{language}-other.txt").write_text(OTHERS[language], "utf-8")
    arguments = ["--config", str(config), *(["--draft"] if request.param == "draft" else [])]
    result = CliRunner().invoke(index.cli.app, arguments)
    assert (result.exit_code, result.exception) == (0, None), result.output
    assert open_generation(folder / "data").manifest.is_draft == (request.param == "draft")
    return config


def test_each_article_has_its_language_and_no_token_is_unknown(config: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(config.parent / "model" / "tokenizer.json"))
    generation = open_generation(config.parent / "data")
    assert generation.manifest.languages == ("ar", "en", "ru", "zh")
    assert generation.manifest.passages == 8
    assert generation.manifest.fingerprint == find_model(str(config.parent / "model")).fingerprint
    for passage in generation.store.all_passages():
        assert passage.article.language == passage.article.id[:2]
        assert "<unk>" not in tokenizer.encode(passage.text).tokens


def test_the_model_runs_without_torch(config: Path) -> None:
    [export] = (config.parent / "data" / "models").glob("*-fp32")
    assert (export / "model.onnx").is_file()


@pytest.mark.parametrize(("language", "question", "sentence"), ASKED)
def test_each_language_is_answered_with_its_own_words(
    config: Path, language: str, question: str, sentence: int
) -> None:
    result = CliRunner().invoke(retrieval.cli.app, ["--config", str(config), "--json", question])
    assert (result.exit_code, result.exception) == (0, None), result.output
    row: dict[str, Any] = json.loads(result.stdout)
    first = row["quotes"][0]
    assert first["article"]["id"] == f"{language}.txt"
    assert first["text"] == text_of(language)[first["start"] : first["end"]]
    [bold] = first["highlights"]
    assert text_of(language)[slice(*bold)] == SENTENCES[language][sentence]
