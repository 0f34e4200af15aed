"""The API's schema leaves nothing out, and says of every operation what a client must know."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from shop.foundation.problem_pages import nothing_here
from tests.factories.shop import StaffFactory, UserFactory

PREFIX = "/api/v1/"
LOG_IN = f"{PREFIX}auth/"
# What describes the API is no part of it.
DESCRIPTIONS = {
    f"{PREFIX}schema/",
    f"{PREFIX}docs/",
    f"{LOG_IN}openapi.yaml",
    f"{LOG_IN}openapi.json",
}
METHODS = {"get", "post", "put", "patch", "delete"}
# POSTs that move money or stock: sent twice they act once.
BY_KEY = {
    "give_trial_card",
    "ask_for_look",
    "staff_decide_trial_look",
    "cancel_trial",
    "extend_trial",
    "place_order",
    "place_trial",
    "staff_add_parcel",
    "staff_pack_piece",
    "staff_send_order",
    "staff_complete_order",
    "staff_cancel_order",
    "staff_refund_order",
    "keep_frame",
    "staff_accept_proposal",
    "staff_ask_card_again",
    "staff_charge_unreturned",
    "staff_claim_correct",
    "staff_claim_paid",
    "staff_lose_parcel",
    "staff_note_box",
    "staff_waive_proposal",
    "staff_check_in_unit",
    "staff_close_manifest",
    "staff_correct_verdict",
    "staff_cancel_trial",
    "staff_decline_trial",
    "staff_extend_trial",
    "staff_make_batch",
    "staff_mark_lost",
    "staff_pack_unit",
    "staff_pick_unit",
    "staff_refund_charge",
    "staff_report_not_found",
    "staff_ship_trial",
    "staff_swap_frame",
    "swap_frame",
    "staff_accept_finding",
    "staff_create_units",
    "staff_import_units",
    "staff_put_unit_back",
    "staff_repair_unit",
    "staff_replace_unit",
    "staff_retire_unit",
    "staff_write_off_unit",
    "staff_waive_charge",
    "staff_write_off_charge",
}
# All other POSTs, and why they need no key.
WITHOUT_KEY = {
    "object_to_damage": "what she said already is not added once more",
    "report_broken_frame": "one report a frame; photos too many are refused",
    "show_broken_frame": "moves nothing; photos too many are refused",
    "staff_add_evidence": "moves nothing; photos too many are refused",
    "staff_change_proposal": "the same amount again changes nothing",
    "staff_unpack_order": "moves no stock, and done again changes nothing",
    "staff_claim_given_back": "moves a state, once",
    "staff_claim_refused": "moves a state, once",
    "staff_decide_broken_frame": "the same decision again changes nothing",
    "staff_file_claim": "filed already, it is refused and changes nothing",
    "staff_save_filter": "the same name again replaces it",
    "staff_sent_home": "sent already, it stays so",
    "staff_withdraw_claim": "moves a state, once",
    "tell_never_came": "one report a box",
    "staff_answer_missed_box": "answered already, nothing changes",
    "tell_sent_back": "one report a box",
    "add_address": "the same address again is the first one",
    "add_photo": "moves nothing; a photo too many can be erased",
    "add_push_browser": "the same browser again is the first one",
    "answer_objection": "the same answer again changes nothing",
    "archive_gallery": "moves a state, once",
    "create_frames_gallery": "the open one of the same frames is given again",
    "enter_shared_gallery": "who was let in stays",
    "erase_vote": "what is erased stays so",
    "mail_link": "one mail a link and address",
    "note_link_shared": "notes once that a link was sent",
    "object_to_photo": "what is hidden or waits for a decision stays so",
    "request_erasure": "the one under way is given again",
    "request_export": "the one under way is given again",
    "staff_remind_customer": "one mail a trial and day; a second one is refused",
    "staff_decide_objection": "decided already, it is refused and changes nothing",
    "staff_decide_objections": "those that are decided already stay as they are",
    "staff_request_erasure": "the one under way is given again",
    "add_idea": "moves nothing; a second of the same words is merged into the first",
    "answer_test_invitation": "the same answer again changes nothing",
    "ask_about_gallery": "moves nothing; asked twice it is read twice",
    "ask_about_trial": "moves nothing; asked twice it is read twice",
    "report_idea": "one report a person",
    "staff_answer_idea": "names the state it was read in, which it changes",
    "staff_answer_thread": "names the last message that was read, which it follows",
    "staff_close_panel": "moves a state, once",
    "staff_close_thread": "moves a state, once",
    "staff_hide_idea": "hidden already, it stays",
    "staff_invite_testers": "invited before, nobody is told again",
    "staff_merge_idea": "what is merged is not merged again",
    "staff_open_panel": "moves a state, once",
    "staff_reopen_thread": "moves a state, once",
    "staff_show_idea": "shown already, it stays",
    "add_to_box": "reserves nothing, and a variant is in or not",
    "add_to_cart": "reserves nothing, and a variant that is in stays",
    "archive_circle": "moves a state, once",
    "begin_photo_upload": "moves nothing; one too many is cancelled, or forgotten after a day",
    "buy_from_gallery": "reserves nothing, and a variant that is in stays",
    "claim_referral_code": "the first code counts, and the same again changes nothing",
    "click_referral": "notes a friend once",
    "click_referral_code": "notes that somebody came; only who joins counts, once",
    "invite_friend": "moves nothing; an invitation too many is never sent",
    "close_gallery": "moves nothing",
    "decide_report": "the same decision again is refused and changes nothing",
    "report_shared_words": "one report a person",
    "report_words": "one report a person",
    "vouch_for_votes": "counts once what was left out",
    "create_circle": "moves nothing; a circle too many can be archived",
    "create_gallery": "one a trial: the second is the first",
    "create_link": "moves nothing; a link too many can be withdrawn",
    "invite": "moves nothing; an invitation too many can be withdrawn",
    "staff_accept_all_findings": "names what it has seen, which changes by it",
    "staff_put_unit_away": "put away before, it stays so",
    "staff_abandon_count": "moves a state, once",
    "staff_dismiss_finding": "decided already, the first reason stays",
    "staff_finish_count": "moves a state, once",
    "staff_print_shelf_labels": "changes nothing",
    "staff_print_unit_labels": "changes nothing",
    "staff_scan_counted_unit": "seen before, nothing changes",
    "staff_start_count": "the count that goes on there is given again",
    "join_waitlist": "whoever is in line keeps her place",
    "join_circle": "who is in it already stays",
    "leave_circle": "moves a state, once",
    "merge_tags": "a tag that is merged is there no more",
    "new_feed_token": "moves nothing; the latest secret is the one that opens",
    "follow": "followed already, it stays",
    "finish_card_setup": "keeps the card of one intent, whose id is in the address",
    "refresh_order_payment": "asks Stripe and settles under a lock",
    "reopen_circle": "moves a state, once",
    "save_frame": "saved for the same people, it is the first one",
    "save_note": "noted for the same circle, it is the first one",
    "saved_to_box": "reserves nothing, and a variant is in or not",
    "saved_to_gallery": "the open one of the same frames is given again",
    "reopen_gallery": "moves nothing",
    "staff_preview_version": "changes nothing",
    "staff_create_programme": "a name in addresses is there or not",
    "staff_publish_version": "names the last version, which it follows, and what was previewed",
    "staff_withdraw_version": "moves a state, once",
    "staff_approve_trial": "moves a state, once",
    "staff_approve_trials": "moves each state once, and says which it did not",
    "staff_cancel_batch": "moves a state, once",
    "staff_open_manifest": "a carrier's open one is given again",
    "ask_for_return_label": "names which label it is to be; made before, it is given again",
    "staff_make_return_label": "names which label it is to be; made before, it is given again",
    "staff_create_labels": "made before, they are given again",
    "staff_finish_check_in": "moves a state, once; units were moved when they were scanned",
    "staff_finish_packing": "moves a state, once; units were moved when they were scanned",
    "staff_refuse_referral": "moves a state, once",
    "staff_release_referral": "moves a state, once",
    "staff_record_tracking": "the carrier's event_id is the key",
    "refresh_trial_payment": "asks Stripe and settles under a lock",
    "start_trial_payment": "the payment's own id is the key at Stripe",
    "start_card_setup": "goes on with the one under way",
    "start_order_payment": "the payment's own id is the key at Stripe",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method in METHODS & methods.keys():
            yield path, method, methods[method]


def ours(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [each for each in operations(schema) if not each[0].startswith(LOG_IN)]


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith(PREFIX):
            yield path, pattern.callback


def test_nothing_is_described_where_nothing_is(schema: dict[str, Any]) -> None:
    assert not [path for path in schema["paths"] if "phone" in path]


def test_every_route_and_method_of_the_api_is_in_the_schema(schema: dict[str, Any]) -> None:
    # The first route by an address is the one that answers.
    found = dict(reversed(list(routes(get_resolver().url_patterns))))
    found = {path: view for path, view in found.items() if view is not nothing_here}
    assert set(schema["paths"]) == set(found) - DESCRIPTIONS
    served = {
        (path, method)
        for path, view in found.items()
        for method in METHODS
        if path not in DESCRIPTIONS and not path.startswith(LOG_IN)
        if hasattr(view.view_class, method)
    }
    assert {(path, method) for path, method, _operation in ours(schema)} == served


def test_every_operation_has_a_name_a_tag_and_words(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(schema)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(schema):
        assert operation.get("description") or operation.get("summary"), (method, path)
        assert operation["tags"], (method, path)
    tagged = {tag for _p, _m, operation in operations(schema) for tag in operation["tags"]}
    described = {tag["name"] for tag in schema["tags"] if tag["description"]}
    assert tagged == described


def test_every_error_is_a_problem(schema: dict[str, Any]) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path, method, operation in ours(schema):
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert answer["content"] == {"application/problem+json": problem}, (method, path)
                assert answer["description"], (method, path)


def test_every_operation_names_the_errors_that_follow_from_how_it_is_built(
    schema: dict[str, Any],
) -> None:
    for path, method, operation in ours(schema):
        named, where = operation["responses"].keys(), (method, path)
        closed = {} not in operation.get("security", [{}])
        parameters = {each["name"]: each for each in operation.get("parameters", [])}
        assert not closed or "401" in named, where
        assert not (closed and method != "get") or "403" in named, where
        assert "/staff/" not in path or "403" in named, where
        assert "{" not in path or "404" in named, where
        assert "requestBody" not in operation or {"400", "415"} <= named, where
        assert "Idempotency-Key" not in parameters or {"409", "422"} <= named, where


def test_every_list_comes_in_pages_by_cursor(schema: dict[str, Any]) -> None:
    lists = 0
    for path, method, operation in ours(schema):
        content = operation["responses"].get("200", {}).get("content", {})
        answer = content.get("application/json", {}).get("schema", {})
        if method != "get" or "scorecard" in path:
            continue
        assert answer.get("type") != "array", path
        if "Paginated" in answer.get("$ref", ""):
            lists += 1
            assert {"cursor", "page_size"} <= {each["name"] for each in operation["parameters"]}
            page = schema["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
            assert page["properties"].keys() == {"next", "previous", "results"}, path
    assert lists >= 8


def test_every_post_has_a_key_or_a_reason(schema: dict[str, Any]) -> None:
    posts = {op["operationId"]: op for _path, method, op in ours(schema) if method == "post"}
    assert BY_KEY | WITHOUT_KEY.keys() == posts.keys()
    for name, operation in posts.items():
        headers = [p for p in operation.get("parameters", []) if p["name"] == "Idempotency-Key"]
        assert bool(headers) == (name in BY_KEY), name
        assert all(each["required"] for each in headers)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BY_KEY))
def test_a_post_that_moves_money_or_stock_is_refused_without_a_key(
    schema: dict[str, Any], name: str
) -> None:
    path = next(path for path, _method, op in ours(schema) if op["operationId"] == name)
    api = APIClient()
    api.force_authenticate(StaffFactory() if "/staff/" in path else UserFactory())
    nobody = "00000000-0000-0000-0000-000000000000"
    ids = dict.fromkeys(("charge_id", "count_id", "item_id", "proposal_id", "claim_id"), nobody)
    numbers = {"number": "L-NONE", "tracking_number": "LP0", "batch_id": 1, "manifest_id": 1}
    numbers |= {"barcode": "LG0", "line": 1}
    answer = api.post(path.format(**ids, **numbers), {})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")


def test_the_schema_tells_how_to_log_in(schema: dict[str, Any]) -> None:
    paths, words = schema["paths"], schema["info"]["description"]
    assert paths[f"{LOG_IN}app/v1/auth/login"]["post"]["operationId"] == "auth_login"
    assert paths[f"{LOG_IN}app/v1/auth/signup"]["post"]["operationId"] == "auth_signup"
    assert "X-Session-Token" in words
    scheme = schema["components"]["securitySchemes"]["sessionToken"]
    assert (scheme["in"], scheme["name"]) == ("header", "X-Session-Token")
