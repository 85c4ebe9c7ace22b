"""Back and forward."""

from resnet_studio.ui.picture.places import Place, Places


def place(name):
    return Place(name, "layered", None, frozenset(), True, 1.0, (0.0, 0.0), frozenset())


def test_back_and_forward_as_in_a_browser():
    places = Places()
    assert not places.can_go_back
    places.leave(place("a"))
    places.leave(place("b"))
    assert places.back(place("c")) == place("b")
    assert places.back(place("b")) == place("a")
    assert places.back(place("a")) is None
    assert places.forward(place("a")) == place("b")
    places.leave(place("b"))
    assert not places.can_go_forward


def test_a_hundred_places_are_kept():
    places = Places()
    for number in range(250):
        places.leave(place(str(number)))
    went = 0
    while places.back(place("now")):
        went += 1
    assert went == 100
