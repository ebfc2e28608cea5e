"""Every command of `flask --app wsgi …` (命令)."""

from commands import (
    archives,
    audit,
    case_proof,
    case_states,
    catalogue,
    citizens,
    codes,
    contract,
    demo,
    figures,
    oversight,
    partners,
    spot_checks,
    staff,
    units,
)

COMMANDS: tuple[object, ...] = (
    catalogue.group,
    citizens.group,
    demo.group,
    codes.group,
    staff.group,
    audit.group,
    case_proof.group,
    archives.group,
    partners.group,
    figures.group,
    units.group,
    oversight.group,
    spot_checks.group,
    contract.contract,
    case_states.case_states,
)
