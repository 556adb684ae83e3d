"""The verbs by which a person changes one row: checked as the files are, recorded, superseded."""

from districts.editing.checking import EditRefused, problems_after
from districts.editing.ground import (
    AreaEdit,
    AssetEdit,
    EditionEdit,
    RowSuperseded,
    ServiceAreaEdit,
    edit_area,
    edit_asset,
    edit_edition,
    edit_service_area,
)
from districts.editing.verbs import EditedMeanwhile, Seen, edit, facts_now, newest_change

__all__ = [
    "AreaEdit",
    "AssetEdit",
    "EditRefused",
    "EditedMeanwhile",
    "EditionEdit",
    "RowSuperseded",
    "Seen",
    "ServiceAreaEdit",
    "edit",
    "edit_area",
    "edit_asset",
    "edit_edition",
    "edit_service_area",
    "facts_now",
    "newest_change",
    "problems_after",
]
