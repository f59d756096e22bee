"""What stands behind the points of a map: land, of just the degrees that are drawn, and no border."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from dadkhah.browse.models import Name, Ref
from dadkhah.browse.pictures.point_map import map_svg
from dadkhah.browse.time_and_place.places import PlacePoint
from dadkhah.web.pages.files import land_behind

SVG = "{http://www.w3.org/2000/svg}"
PLACES = (("A", 35.5, 51.25), ("B", 29.0, 60.0))
POINTS = [PlacePoint(Ref(f"urn:{name}", (Name(name),)), north, east, 3, ()) for name, north, east in PLACES]


def drawn(land):
    return ET.fromstring(map_svg(POINTS, "en", lambda _: "", "Map", land))


def test_land_is_drawn_behind_all_else_over_just_the_degrees_of_the_map():
    asked = []
    root = drawn(lambda *degrees: asked.append(degrees) or "/land")
    ((west, south, east, north),) = asked
    assert all(west < longitude < east and south < latitude < north for _, latitude, longitude in PLACES)
    image = root.find(f"{SVG}image")
    assert list(root).index(image) == 1, "only the title stands before it"
    across, down = float(image.get("width")), float(image.get("height"))
    assert abs(across / down - (east - west) / (north - south)) < 0.01
    x = float(image.get("x"))
    circle = root.find(f".//{SVG}circle")
    assert abs(float(circle.get("cx")) - (x + (51.25 - west) / (east - west) * across)) < 0.2


def test_without_a_picture_of_the_land_the_points_are_drawn_all_the_same():
    root = drawn(lambda *_: "")
    assert root.find(f"{SVG}image") is None
    assert len(list(root.iter(f"{SVG}circle"))) == 2


def test_a_map_within_the_fine_picture_takes_it_and_a_wider_one_the_coarse_world():
    fine, wide = land_behind(44, 25, 64, 40), land_behind(-10, 25, 64, 60)
    # both or neither: the pictures are built together
    assert bool(fine) == bool(wide)
    assert not fine or ("land.svg" in fine and fine.endswith("#svgView(viewBox(44,-40,20,15))"))
    assert not wide or "world.svg" in wide
