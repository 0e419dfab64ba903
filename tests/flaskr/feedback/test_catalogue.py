"""What the person says of a catalogue: rated, watched, not interested; each change an event, each undone as it was made."""

import pytest

from flaskr.extensions import db
from flaskr.feedback import catalogue
from flaskr.feedback.catalogue import HIDDEN, WATCHED, Guess, Said
from flaskr.feedback.ratings import InvalidRating, NothingToUndo
from flaskr.tables import CatalogueRating, RatingEvent


@pytest.fixture
def module(app):
    """The catalogue, with five titles."""
    found = app.extensions["modules"]["anime"]
    db.session.add_all(found.Item(id=id_, name=f"Title {id_}", genre="") for id_ in range(1, 6))
    db.session.commit()
    return found


def events():
    return [(one.item_id, one.before, one.rating, one.mark_before, one.mark, one.origin) for one in
            db.session.scalars(db.select(RatingEvent).order_by(RatingEvent.id))]


def test_each_change_is_an_event_with_what_was_expected(module):
    change = catalogue.rate(module, 1, 8, guess=Guess(7.3, "v1"))
    assert (change.title, change.before, change.rating) == ("Title 1", None, 8)
    catalogue.rate(module, 1, 6.5)
    catalogue.mark(module, 2, WATCHED)
    assert catalogue.said(module) == {1: Said(6.5), 2: Said(None, WATCHED)}
    assert events() == [(1, None, 8, None, None, "page"), (1, 8, 6.5, None, None, "page"),
                        (2, None, None, None, WATCHED, "page")]
    first = db.session.scalar(db.select(RatingEvent).order_by(RatingEvent.id).limit(1))
    assert (first.prediction, first.predicted_by, first.module) == (7.3, "v1", "anime")


def test_values_are_those_of_many_peoples_ratings():
    assert [Said(0.0).value, Said(7.0, WATCHED).value, Said(None, WATCHED).value] == [0, 7, -1]
    assert Said().value is None and Said(None, HIDDEN).value is None


def test_everything_can_be_undone_in_turn(module):
    catalogue.rate(module, 1, 8)
    catalogue.mark(module, 1, WATCHED)
    catalogue.mark(module, 2, HIDDEN)
    catalogue.rate(module, 2, 3)
    assert catalogue.said(module)[2] == Said(3.0)  # who rates it is interested
    catalogue.undo(module)
    assert catalogue.said(module)[2] == Said(None, HIDDEN)
    catalogue.undo(module)
    assert catalogue.said(module) == {1: Said(8.0, WATCHED)}
    catalogue.undo(module)
    catalogue.undo(module)
    assert catalogue.said(module) == {} and not db.session.scalars(db.select(CatalogueRating)).all()
    with pytest.raises(NothingToUndo):
        catalogue.undo(module)


def test_a_rating_taken_away_leaves_the_mark(module):
    catalogue.mark(module, 1, WATCHED)
    catalogue.rate(module, 1, 9)
    catalogue.rate(module, 1, None)
    assert catalogue.said(module, [1, 2]) == {1: Said(None, WATCHED)}


@pytest.mark.parametrize("wrong", ["eleven", 11, -1, float("nan")])
def test_what_is_no_rating_changes_nothing(module, wrong):
    with pytest.raises(InvalidRating):
        catalogue.rate(module, 1, wrong)
    assert events() == [] and catalogue.said(module) == {}


def test_unknown_titles_and_marks_are_refused_and_the_lock_is_free(module):
    for act in (lambda: catalogue.rate(module, 99, 5), lambda: catalogue.mark(module, 99, WATCHED),
                lambda: catalogue.mark(module, 1, "loved")):
        with pytest.raises(KeyError):
            act()
    assert events() == [] and catalogue.rate(module, 1, 5).rating == 5


def test_a_list_adds_changes_nothing_twice_and_is_undone_as_one(module):
    catalogue.rate(module, 1, 5)
    given = {2: Said(8.0), 3: Said(None, WATCHED), 4: Said(0.0)}
    found = catalogue.bring(module, given)
    assert (found.new, found.changed, found.same, found.differ) == (3, 0, 0, {})
    count = len(events())
    again = catalogue.bring(module, given)
    assert (again.new, again.changed, again.same) == (0, 0, 3) and len(events()) == count
    assert len(catalogue.undo(module)) == 3
    assert catalogue.said(module) == {1: Said(5.0)}
    assert catalogue.bring(module, given).new == 3  # what was undone may come again


def test_a_newer_list_changes_what_an_older_one_said(module):
    catalogue.bring(module, {1: Said(8.0), 2: Said(None, WATCHED)})
    found = catalogue.bring(module, {1: Said(6.0), 2: Said(7.0)})
    assert (found.new, found.changed, found.differ) == (0, 2, {})
    assert catalogue.said(module) == {1: Said(6.0), 2: Said(7.0, WATCHED)}


def test_what_was_rated_by_hand_stays_unless_the_person_says_so(module):
    catalogue.bring(module, {1: Said(8.0), 4: Said(4.0)})
    catalogue.rate(module, 1, 9)
    catalogue.rate(module, 4, None)  # taken away by hand is said, too
    catalogue.rate(module, 2, 3)
    catalogue.mark(module, 3, HIDDEN)
    given = {1: Said(7.0), 2: Said(None, WATCHED), 3: Said(10.0), 4: Said(4.0)}
    found = catalogue.bring(module, given)
    assert found.differ == {1: (Said(9.0), Said(7.0)), 4: (Said(), Said(4.0))} and not found.taken
    assert (found.new, found.changed, found.same) == (0, 1, 1)
    assert catalogue.said(module) == {1: Said(9.0), 2: Said(3.0), 3: Said(10.0)}
    taken = catalogue.bring(module, given, take=True)
    assert taken.taken and len(taken.differ) == 2 and (taken.new, taken.changed) == (0, 0)
    assert catalogue.said(module) == {1: Said(7.0), 2: Said(3.0), 3: Said(10.0), 4: Said(4.0)}
    catalogue.undo(module)
    assert catalogue.said(module)[1] == Said(9.0)


def test_what_the_person_undid_is_not_by_hand(module):
    catalogue.bring(module, {1: Said(8.0)})
    catalogue.rate(module, 1, 2)
    catalogue.undo(module)
    assert catalogue.bring(module, {1: Said(7.0)}).changed == 1


def test_the_same_list_taken_again_changes_nothing_that_could_be_undone(module):
    catalogue.rate(module, 1, 4.0)
    assert catalogue.bring(module, {1: Said(9.0)}, take=True).taken
    again = catalogue.bring(module, {1: Said(9.0)}, take=True)
    assert not again.taken and not again.new and not again.changed


def test_what_was_never_said_here_comes_with_its_mark(module):
    catalogue.bring(module, {1: Said(9.0, catalogue.HIDDEN)})
    assert catalogue.said(module)[1] == Said(9.0, catalogue.HIDDEN)
