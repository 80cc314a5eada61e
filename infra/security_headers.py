"""What every answer from the console's origin tells browsers, on AWS and on this machine."""


def content_security_policy(*other_origins: str) -> str:
    """Scripts and styles only from our own origin (Mantine sets styles inline); calls also to `other_origins`: sign-in
    and the files' bucket."""
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            " ".join(["connect-src 'self'", *other_origins]),
            "frame-src blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def security_headers(*other_origins: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_security_policy(*other_origins),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
