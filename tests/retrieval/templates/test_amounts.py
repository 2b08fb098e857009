import pytest

from retrieval.templates.amounts import numbers, sums


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It has 60,000 settlers and 2 million others.", ["60,000", "2 million"]),
        ("It rose 3.5%, or 4 percent.", ["3.5%", "4 percent"]),
        ("It is 260 kilometres away.", ["260 kilometres"]),
        ("Between 10-12 people and 3 to 5 years.", ["10-12 people", "3 to 5 years"]),
        ("A four-day week, a ten-horsepower engine.", ["four-day", "ten"]),
        ("Twenty-five men and three women.", ["Twenty-five", "three"]),
        ("One million men, a hundred years, one hour.", ["One million", "a hundred years", "one hour"]),
        ("Two-thirds, a quarter of it, half of it.", ["Two-thirds", "a quarter", "half"]),
        ("Dozens of men, hundreds of thousands of cats.", ["Dozens", "hundreds of thousands"]),
        ("It won twice.", ["twice"]),
        ("Warsaw's 60 museums.", ["60"]),
        ("Пострадали 12 человек и три тысячи домов.", ["12 человек", "три тысячи"]),
        ("Рост на 5 процентов, 3,5 млн тонн.", ["5 процентов", "3,5 млн тонн"]),
        # These are not.
        ("It paid 2.5bn, and uses 1.2.3.", []),
        ("One must go on; it is the one.", []),
        ("A man, an hour-glass, for a while.", []),
        ("The Apollo 11, the Boeing 737, F-16, COVID-19.", []),
        ("It often weighs on someone.", []),
        ("The twenty-first of the first.", []),
    ],
)
def test_numbers(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It cost $40 and £7m.", ["$40", "£7m"]),
        ("US$1.5 billion, €3,000.50 and $10bn.", ["US$1.5 billion", "€3,000.50", "$10bn"]),
        ("100 billion dollars or five million euros.", ["100 billion dollars", "five million euros"]),
        ("A $90-million film, 5 € or 60 cents.", ["$90-million", "5 €", "60 cents"]),
        ("10 млн рублей и 300 долларов, 5 руб.", ["10 млн рублей", "300 долларов", "5 руб."]),
        ("CHF 7.50, USD 3 million and EUR 20bn.", ["CHF 7.50", "USD 3 million", "EUR 20bn"]),
        ("It paid 2.5bn euros, or 300m dollars.", ["2.5bn euros", "300m dollars"]),
        ("The FBI 7 and the TRY-100.", []),
        ("The dollar fell; euros rose; recent rubble.", []),
        ("60,000 people.", []),
    ],
)
def test_sums(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sums(text)] == found
