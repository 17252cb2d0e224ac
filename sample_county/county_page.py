"""The page for people: what this is, where the four sites are, and a form to write oneself."""

from sample_county.nouns import Site
from sample_county.served import TEMPLATES, Served
from sample_county.views import path_of
from sample_county.world import World


def render_county_page(world: World, posted: int) -> Served:
    """Answer `/`; `posted` is the thread just written, 0 for none, -1 when it lacked words."""
    item = world.find(Site.FORUM, posted) if posted > 0 else None
    text = TEMPLATES.get_template("county.html").render(
        posted=path_of(item) if item else "",
        refused=posted < 0,
        counts={site.value: len(world.list_items(site)) for site in Site},
        pace=int(world.pace.total_seconds()),
    )
    return Served(text.encode())
