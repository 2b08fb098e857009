import pytest

from retrieval.templates.dates_in_text import dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On 5 March 2022 it rained.", ["5 March 2022"]),
        ("On March 5, 2022, it rained.", ["March 5, 2022"]),
        ("On the 5th of May it rained.", ["5th of May"]),
        ("From Sept. 3 to Oct. 4.", ["Sept. 3", "Oct. 4"]),
        ("On 5–7 June and June 9-11.", ["5–7 June", "June 9-11"]),
        ("In late November 1979 and mid-July.", ["late November 1979", "mid-July"]),
        ("It was 2022-04-02, or 2.4.2022.", ["2022-04-02", "2.4.2022"]),
        ("In 2019 and since 1066.", ["2019", "1066"]),
        ("The war (1754–1763) and the 2012 act.", ["1754–1763", "2012"]),
        ("In the 1920s and the late 1960s.", ["1920s", "late 1960s"]),
        ("In the '80s.", ["80s"]),
        ("The 10th century, the eighteenth century.", ["10th century", "eighteenth century"]),
        ("In the 19th and 20th centuries.", ["19th and 20th centuries"]),
        ("In 800 CE and AD 79.", ["800 CE", "AD 79"]),
        ("On Monday, last week, yesterday.", ["Monday", "last week", "yesterday"]),
        ("Three years ago; two days later.", ["Three years ago", "two days later"]),
        ("At 5 p.m. or 10:30 a.m. or 11:40.", ["5 p.m.", "10:30 a.m.", "11:40"]),
        ("In spring 2010, on Christmas Eve.", ["spring 2010", "Christmas Eve"]),
        ("In May it rained.", ["May"]),
        ("5 марта 2022 года шёл дождь.", ["5 марта 2022 года"]),
        ("В 2019 году, в марте, в XIX веке.", ["2019 году", "марте", "XIX веке"]),
        ("В 1920-е годы, в понедельник, на прошлой неделе, вчера.",
         ["1920-е годы", "понедельник", "прошлой неделе", "вчера"]),
        # These are not.
        ("It may rain in the march of time.", []),
        ("May God help us.", []),
        ("Theresa May left.", []),
        ("It cost $2000 and 2000 people came.", []),
        ("1,950 men, 3.14, 1500 °C, 1999%.", []),
        ("The Boeing 737 and Apollo 11.", []),
        ("Money, markets, decks and sunshine.", []),
        ("Маяк и декорации.", []),
    ],
)  # fmt: skip
def test_dates(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in dates(text)] == found
