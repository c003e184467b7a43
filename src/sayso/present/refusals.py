"""What is said, by HTTP status, where a page cannot be shown: title, what happened, what to do."""

from __future__ import annotations

REFUSALS = {
    400: (
        "This is not an address of these pages",
        "The request does not name these pages as they are called here.",
        "Open the address that `sayso serve` printed.",
    ),
    401: (
        "The access key is needed",
        "This page is for whoever convenes, and nobody has shown the key in this browser.",
        "Open /key and type the access key, then try again. Nothing was saved.",
    ),
    403: (
        "This came from another site",
        "A page of another site tried to send this, so nothing was done.",
        "Open the page here and send the form from it.",
    ),
    404: (
        "There is no such page",
        (
            "The address leads to nothing that exists here. It may be mistyped, or what it named is "
            "gone."
        ),
        "Check the address, or begin at the first page.",
    ),
    405: (
        "This page cannot be used that way",
        "The address exists, and does something else than was asked of it.",
        "Go back and use the page's own buttons.",
    ),
    413: (
        "That is more than a form can hold",
        "What was sent is larger than 256 kB, so nothing of it was kept.",
        "Go back and shorten it.",
    ),
    422: (
        "The form could not be read",
        (
            "Something in the form is missing or has another shape than it should, so nothing was "
            "saved."
        ),
        "Go back, load the page again, and send it once more.",
    ),
    429: (
        "Too many tries",
        "The key was tried too often.",
        "Wait fifteen minutes, then try again.",
    ),
    500: (
        "Something failed on our side",
        "This is a defect in Sayso, not a mistake of yours. Nothing half done was saved.",
        (
            "Try again. If it fails again, report what you were doing; the terminal in which "
            "`sayso serve` runs says where it happened."
        ),
    ),
}
TITLES = {
    404: "There is no such page",
    410: "This link is closed",
    422: "This cannot be done as it stands",
    400: "This address names nothing",
    500: "This could not be saved",
}
