from bot.subjects import Subjects

ANN, BOB = (7, 1), (7, 2)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_has_a_subject_of_their_own_the_last_one() -> None:
    subjects = Subjects()
    subjects.keep(ANN, "rain?")
    subjects.keep(BOB, "snow?")
    subjects.keep(ANN, "hail?")
    assert (subjects.get(ANN), subjects.get(BOB), subjects.get((8, 1))) == ("hail?", "snow?", None)


def test_no_subject_is_none() -> None:
    subjects = Subjects()
    subjects.keep(ANN, "rain?")
    subjects.keep(ANN, None)
    assert subjects.get(ANN) is None


def test_half_an_hour_after_the_last_question_it_is_forgotten() -> None:
    clock = Clock()
    subjects = Subjects(clock)
    subjects.keep(ANN, "rain?")
    clock.now = 1000
    subjects.keep(ANN, "snow?")
    clock.now = 2800
    assert subjects.get(ANN) == "snow?"
    clock.now = 2800.5
    assert subjects.get(ANN) is None
    subjects.keep(BOB, "hail?")
    assert list(subjects._kept) == [BOB]


def test_the_oldest_of_too_many_is_forgotten() -> None:
    subjects = Subjects()
    subjects.keep((0, 0), "0")
    for number in range(1, 1000):
        subjects.keep((number, 0), str(number))
    subjects.keep((0, 0), "again")
    subjects.keep((1000, 0), "1000")
    assert (subjects.get((0, 0)), subjects.get((1, 0)), subjects.get((2, 0))) == ("again", None, "2")
    assert len(subjects._kept) == 1000
