"""What a browser says of itself, as its owner would call it. Pure."""

from typing import Final

from app.features.sign_in.rules import SessionKind

_BROWSERS: Final = (
    ("wxwork", "WeCom"),
    ("micromessenger", "WeChat"),
    ("dingtalk", "DingTalk"),
    ("lark", "Feishu"),
    ("feishu", "Feishu"),
    ("huaweibrowser", "Huawei Browser"),
    ("miuibrowser", "Mi Browser"),
    ("vivobrowser", "vivo Browser"),
    ("heytapbrowser", "OPPO Browser"),
    ("ucbrowser", "UC"),
    ("quark", "Quark"),
    ("qqbrowser", "QQ Browser"),
    ("edg", "Edge"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
"""Signs in the user agent, the telling ones first: nearly every browser also calls itself Chrome and Safari."""
_SYSTEMS: Final = (
    ("harmony", "HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("kylin", "Kylin"),
    ("uos", "UOS"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)


def kind_of_device(user_agent: str) -> SessionKind:
    """A phone says so in its browser's name; everything else is treated as a desk."""
    return SessionKind.PHONE if "Mobile" in user_agent or "Android" in user_agent else SessionKind.DESK


def device_name(user_agent: str) -> str:
    """``WeChat · Android``: browser and system, or as much of it as can be told; empty when nothing can."""
    signs = user_agent.lower()
    names = (next((name for sign, name in table if sign in signs), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in names if name)
