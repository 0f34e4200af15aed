"""Pages of the catalogue: home, the list, one frame."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from djmoney.money import Money

from shop.catalogue.filters import DEFAULT_SORT, SORTS, FrameFilter
from shop.catalogue.models import Frame, FrameImage, Material, Shape, Variant, Width
from shop.catalogue.queries import (
    frame_by_handle,
    listings,
    loved_listings,
    published_frames,
    related_listings,
)
from shop.catalogue.shopify.colours import FAMILIES
from shop.customers.models import User

PER_PAGE = 24
SHAPES, MATERIALS, WIDTHS = dict(Shape.choices), dict(Material.choices), dict(Width.choices)
LABELS = {
    "shape": SHAPES,
    "colour": {family: label for family, (label, _hex, _hex2) in FAMILIES.items()},
    "width": WIDTHS,
    "material": MATERIALS,
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the shop promises and what people love."""
    frames = [_card(row) for row in loved_listings(count=8)]
    # Two a row on a phone and four on a desk: an odd end is left away.
    frames = frames[: len(frames) // 4 * 4] or frames
    return render(
        request,
        "shop/catalogue/home.html",
        {"frames": frames, "hero": next((each for each in frames if each["image_url"]), None)},
    )


@require_safe
@vary_on_headers("HX-Request")
def frame_list(request: HttpRequest) -> HttpResponse:
    """List frames by filters, words and order; htmx gets the list alone."""
    found = FrameFilter(request.GET, queryset=published_frames())
    sort = request.GET.get("sort", DEFAULT_SORT)
    _label, order = SORTS.get(sort, SORTS[DEFAULT_SORT])
    ordered = found.qs.order_by(*order)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    shown = listings(ordered[(page.number - 1) * PER_PAGE : page.number * PER_PAGE])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "frames": [_card(row, request.GET.getlist("colour")) for row in shown],
        "total": page.paginator.count,
        "previous_url": _page_url(query, page.previous_page_number())
        if page.has_previous()
        else "",
        "next_url": _page_url(query, page.next_page_number()) if page.has_next() else "",
        "q": request.GET.get("q", ""),
        "sort": sort if sort in SORTS else DEFAULT_SORT,
        "sorts": [
            {"label": label, "url": _with(query, sort=name), "active": name == sort}
            for name, (label, _order) in SORTS.items()
        ],
        "groups": _groups(request.GET),
        "set_filters": _set_filters(query),
    }
    alone = request.headers.get("HX-Request") and not request.headers.get(
        "HX-History-Restore-Request"
    )
    template = "shop/catalogue/parts/frames.html" if alone else "shop/catalogue/frame_list.html"
    return render(request, template, context)


@require_safe
def frame(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one frame in the colour and size asked for."""
    user = request.user if isinstance(request.user, User) else None
    shown = frame_by_handle(handle, user=user)
    variants = list(shown.variants.all())
    chosen = _chosen(variants, request.GET.get("colour", ""), request.GET.get("size", ""))
    pictures = list(shown.images.all())
    own = [image for image in pictures if image.variant_id == chosen.pk]
    general = [image for image in pictures if image.variant_id is None]
    gallery = (own + general) or pictures[:1]
    context = {
        "frame": shown,
        "variant": chosen,
        "variants": [chosen],
        "picture": gallery[0] if gallery else None,
        "thumbs": _thumbs(variants, pictures, chosen),
        "colours": _colours(variants, chosen),
        "sizes": _sizes(variants, chosen),
        "facts": _facts(shown),
        "related": [_card(row) for row in related_listings(shown)],
        "crumbs": [
            {"label": _("Frames"), "url": reverse("catalogue:frame_list")},
            {
                "label": shown.get_shape_display(),
                "url": f"{reverse('catalogue:frame_list')}?shape={shown.shape}",
            },
        ],
    }
    return render(request, "shop/catalogue/frame.html", context)


def _money(amount: dict[str, str] | None) -> Money | None:
    return Money(Decimal(amount["amount"]), amount["currency"]) if amount else None


def _card(listing: dict[str, Any], families: Sequence[str] = ()) -> dict[str, Any]:
    """Return a frame as ``frame_card`` takes it, if it can in a colour of ``families``."""
    url, picture = reverse("catalogue:frame", args=[listing["handle"]]), listing["image"]
    for colour in listing["colours"]:
        if colour["family"] in families:
            url, picture = f"{url}?colour={slugify(colour['name'])}", colour["image"] or picture
            break
    return {
        "url": url,
        "name": listing["name"],
        "note": f"{SHAPES[listing['shape']]}, {MATERIALS[listing['material']]}",
        "image_url": picture,
        "price": _money(listing["price_from"]),
        "compare_at": _money(listing["compare_at_price"]),
        "price_is_from": listing["several_prices"],
        "colours": [{**colour, "label": colour["name"]} for colour in listing["colours"]],
        "colours_more": listing["more_colours"],
    }


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
    return f"{reverse('catalogue:frame_list')}?{changed.urlencode()}"


def _page_url(query: QueryDict, number: int) -> str:
    return _with(query, page=str(number))


def _groups(chosen: QueryDict) -> list[dict[str, Any]]:
    """Return the filters of several values as the ``chips`` part takes them."""
    legends = {
        "shape": _("Shape"),
        "colour": _("Colour"),
        "width": _("Width"),
        "material": _("Material"),
    }
    return [
        {
            "name": name,
            "legend": legend,
            "options": [
                {
                    "value": value,
                    "label": label,
                    "checked": value in chosen.getlist(name),
                    "hex": FAMILIES[value][1] if name == "colour" else "",
                    "hex2": FAMILIES[value][2] if name == "colour" else "",
                }
                for value, label in LABELS[name].items()
            ],
        }
        for name, legend in legends.items()
    ]


def _set_filters(query: QueryDict) -> list[dict[str, str]]:
    """Return each filter that is set, with the address of the list without it."""
    set_filters = []
    words = {"q": _("“%s”"), "price_min": _("from %s"), "price_max": _("up to %s")}
    for name in (*LABELS, *words):
        for value in query.getlist(name):
            label = str(LABELS[name].get(value, "")) if name in LABELS else words[name] % value
            if not value or not label:
                continue
            without = query.copy()
            without.setlist(name, [each for each in query.getlist(name) if each != value])
            url = f"{reverse('catalogue:frame_list')}?{without.urlencode()}"
            set_filters.append({"label": label, "url": url})
    return set_filters


def _chosen(variants: list[Variant], colour: str, size: str) -> Variant:
    of_colour = [each for each in variants if slugify(each.colour) == slugify(colour)] or variants
    return next((each for each in of_colour if each.size == size), of_colour[0])


def _address(variant: Variant) -> str:
    query = QueryDict(mutable=True)
    query["colour"] = slugify(variant.colour)
    if variant.size:
        query["size"] = variant.size
    return f"?{query.urlencode()}"


def _colours(variants: list[Variant], chosen: Variant) -> list[dict[str, Any]]:
    first: dict[str, Variant] = {}
    for variant in variants:
        same_size = variant.size == chosen.size
        if variant.colour not in first or same_size:
            first[variant.colour] = variant
    return [
        {
            "label": colour,
            "hex": variant.colour_hex,
            "hex2": variant.colour_hex2,
            "url": _address(variant),
            "active": colour == chosen.colour,
        }
        for colour, variant in first.items()
    ]


def _sizes(variants: list[Variant], chosen: Variant) -> list[dict[str, Any]]:
    return [
        {"label": each.size, "url": _address(each), "active": each == chosen}
        for each in variants
        if each.colour == chosen.colour and each.size
    ]


def _thumbs(
    variants: list[Variant], pictures: list[FrameImage], chosen: Variant
) -> list[dict[str, Any]]:
    """Return the first picture of each colour, as a way to it."""
    by_variant: dict[int | None, FrameImage] = {}
    for image in pictures:
        by_variant.setdefault(image.variant_id, image)
    thumbs: dict[str, dict[str, Any]] = {}
    for variant in variants:
        if variant.colour not in thumbs and (first := by_variant.get(variant.pk)):
            thumbs[variant.colour] = {
                "url": _address(variant),
                "image_url": first.image.url,
                "label": variant.colour,
                "active": variant.colour == chosen.colour,
            }
    return list(thumbs.values()) if len(thumbs) > 1 else []


def _facts(shown: Frame) -> list[tuple[str, str]]:
    facts = [
        (_("Shape"), str(shown.get_shape_display())),
        (_("Material"), str(shown.get_material_display())),
        (_("Fits"), str(shown.get_width_display())),
    ]
    sizes = (
        (_("Lens"), shown.lens_width_mm),
        (_("Bridge"), shown.bridge_mm),
        (_("Temple"), shown.temple_mm),
    )
    return facts + [(label, _("%(n)s mm") % {"n": size}) for label, size in sizes if size]
