import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import sentence_spans
from index.text.speakers import speaker
from index.types import Span

PARTS = ['"', "“", "”", "«", "»", "‘", "’", "„", " said", " Ann", " Lee", " it flies", ",", " ", ".", ":", "\n"]
TRICKY = st.lists(st.sampled_from(PARTS)).map("".join)


def who(text: str) -> str | None:
    spoken = speaker(text, Span(0, len(text)))
    return text[slice(*spoken.speaker)] if spoken else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # Verb and name.
        ("“It flies,” said Dmitry Rogozin, head of Roscosmos.", "Dmitry Rogozin"),
        ("“I will not resign,” Vera Lind said.", "Vera Lind"),  # case 51
        ("Her rival, Emil Roth, said: “It is over. We are leaving.”", "Emil Roth"),
        ("“It flies,” said the company's new head, Ann Lee.", "Ann Lee"),
        ("“It flies,” said company spokesman John O’Neil.", "John O’Neil"),
        ("“It flies”, said Michael Potts in the Radio Times.", "Michael Potts"),
        ("“It flies,” says Marie van der Berg.", "Marie van der Berg"),
        ('"It flies," added Bo Lund, who heads Acme.', "Bo Lund"),
        ('"Does it?" asked Ms. Ng.', "Ms. Ng"),
        ("“It flies,” wrote Jean de la Tour on Monday.", "Jean de la Tour"),
        ("“It flies!” — tweeted Musk.", "Musk"),
        # Name and verb.
        ('Rogozin said: "It flies."', "Rogozin"),
        ("“It flies,” Mr. Smith told reporters.", "Mr. Smith"),
        ("“It flies,” Smith, 69, said.", "Smith"),
        ("“It flies,” Smith, now 38, said in an interview.", "Smith"),
        ("“It flies,” Smith (D-N.Y.) said.", "Smith"),
        ("“It flies,” Smith also wrote on Twitter.", "Smith"),
        ("“It flies,” Biden on Monday said.", "Biden"),
        ("Lee, who said “it will fly on Monday at noon”, has left.", "Lee"),
        ("Ann Lee, President of the European Commission, wrote that it “opened the way for all”.", "Ann Lee"),
        ('"It flies," Keith Bristow, director of Britain\'s National Crime Agency, said.', "Keith Bristow"),
        ('"It flies," Bo Lund, head of the space agency Roscosmos, said.', "Bo Lund"),
        ("“It flies,” the head of Roscosmos, Dmitry Rogozin, said.", "Dmitry Rogozin"),
        ("“It flies,” Katie Conner, a spokeswoman for Brnovich, told reporters.", "Katie Conner"),
        ("“It flies,” Putin's spokesman Dmitry Peskov said.", "Dmitry Peskov"),
        ("“It flies,” American skateboarder Ryan Sheckler said.", "Ryan Sheckler"),
        ("“It flies,” Deputy Chief Cabinet Secretary Yoshihiko Isozaki told reporters.",
         "Deputy Chief Cabinet Secretary Yoshihiko Isozaki"),
        ("“It flies,” the White House said.", "White House"),
        ("In Moscow, Rogozin announced: “It flies.”", "Rogozin"),
        ("To protect Ukraine, Biden, the president, said “we shall do all that we can”.", "Biden"),
        ("Johnson warned that it was “extremely difficult to know” what was next.", "Johnson"),
        ("Jones wrote that Smith said “it will fly on Monday at noon”.", "Smith"),
        ("“It flies,” Smith said. “It does.”", "Smith"),
        ("It flies, and it lands,” Smith said.", "Smith"),
        ('It flies, and it lands," Smith said.', "Smith"),
        ("Smith said, “It flies. It lands.", "Smith"),
        ("‘It flies,’ said Smith.", "Smith"),
        ("„Es fliegt“, said Olaf Scholz.", "Olaf Scholz"),
        # According to, and a colon.
        ('According to Rogozin, "it flies on Monday at noon".', "Rogozin"),
        ("The thing “flies on Monday at noon”, according to agency head Bo Lund.", "Bo Lund"),
        ("Rogozin: “It flies.”", "Rogozin"),
        ("LEADERS RESPOND: “It flies,” Rogozin said.", "Rogozin"),
        # Russian.
        ("«Он летит», — сказал Песков.", "Песков"),
        ("«Он летит», — заявил Дмитрий Песков журналистам.", "Дмитрий Песков"),
        ("«Он летит», — сообщил глава Роскосмоса Дмитрий Рогозин.", "Дмитрий Рогозин"),
        ("«Он летит», — рассказала Анна Ли.", "Анна Ли"),
        ("«Он летит», — отметил вчера пресс-секретарь президента Дмитрий Песков.", "Дмитрий Песков"),
        ("Песков заявил: «Он летит».", "Песков"),
        ("Дмитрий Песков также сообщил, что «он полетит в понедельник».", "Дмитрий Песков"),
        ("По словам Пескова, «он полетит в понедельник утром».", "Пескова"),
    ],
)  # fmt: skip
def test_named_speakers(text: str, name: str) -> None:
    assert who(text) == name


@pytest.mark.parametrize(
    "text",
    [
        # Nobody is named.
        "“It flies,” he said.",
        "“It flies,” he told Smith.",
        "“It flies,” she said of Trump.",
        "“It flies,” the official told CNN.",
        "“It flies,” officials said Monday.",
        "“It flies,” the head of Roscosmos said.",
        "“It flies,” a spokesman for Ann Lee said.",
        "“It flies,” Putin's spokesman said.",
        "When asked about Trump, she said: “It flies.”",
        "“It flies on Monday, and lands on Tuesday.”",
        "Smith was told that “it will fly on Monday at noon”.",
        "Bure posted; she said she wanted to show that “nothing can trump the Holy Spirit.”",
        "«Он летит», — сказал он.",
        "Он заявил: «Он летит».",
        # Nothing is quoted.
        "Rogozin said that it flies.",
        "According to Rogozin, it flies.",
        "The so-called “experts” were wrong, Smith said.",
        "Smith called it a “disgrace”.",
        "Beyoncé said the album “Renaissance” is out.",
        "Smith said that he had read the novel “A dance to the music of time”.",
        "Smith said that “Gone With the Wind” was long.",
        "Глава компании «Рога и копыта и многое другое» ушёл, сообщил Песков.",
    ],
)
def test_sentences_without_a_named_speaker_or_a_quotation(text: str) -> None:
    assert who(text) is None


def test_spans_are_offsets_in_the_text() -> None:
    text = "Rain fell. “It flies,” said Ann Lee. Snow fell."
    spoken = speaker(text, Span(11, 36))
    assert spoken is not None
    assert (text[slice(*spoken.quotation)], text[slice(*spoken.speaker)]) == ("“It flies,”", "Ann Lee")


def test_the_quotation_nearest_to_the_name_is_returned() -> None:
    text = "The “great and good and bad” were there, and “I saw them all,” said Ann Lee."
    spoken = speaker(text, Span(0, len(text)))
    assert spoken is not None
    assert text[slice(*spoken.quotation)] == "“I saw them all,”"


@given(TRICKY)
def test_spans_are_disjoint_and_inside_the_sentence(text: str) -> None:
    for sentence in sentence_spans(text):
        if spoken := speaker(text, sentence):
            for span in (spoken.quotation, spoken.speaker):
                assert sentence.start <= span.start < span.end <= sentence.end
            assert spoken.speaker.end <= spoken.quotation.start or spoken.quotation.end <= spoken.speaker.start
