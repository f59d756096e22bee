"""When and where: events, timelines, years and places, as each voice dates and places them."""
