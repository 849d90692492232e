from __future__ import annotations

import httpx
import pytest

from reconciler.criteo.bulk import settle
from reconciler.criteo.problems import CriteoProblem, read_problems
from reconciler.errors import CriteoError, NotAuthorised, OutcomeUnknown, Refused
from reconciler.model.remote import SegmentDraft
from tests.criteo.pretend import Pretend, Scripted, always, kinds, problem, sent

pytestmark = pytest.mark.switches(blame="detail", item_codes="not-found")


def lists(*names: str) -> list[SegmentDraft]:
    return [SegmentDraft(name=name, description=None) for name in names]


def told(*problems: dict[str, object]) -> tuple[CriteoProblem, ...]:
    return read_problems(list(problems))


def code_of(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


@pytest.mark.parametrize("shape", ["errors", "warnings", "bad_request"])
def test_partial_success(pretend: Pretend, shape: str) -> None:
    """Of a call that half works, each item has its own result, wherever Criteo tells what failed."""
    client = pretend.connect()
    client.create_segments(lists("taken", "VIP (hot)"))
    pretend.fault("failed_items", failed_items=shape, operation="CreateAudienceSegments")
    results = client.create_segments(lists("new", "taken", "VIP", "VIP (hot)", "other"))
    assert [results[0], results[2], results[4]] == ["502", "503", "504"]
    assert [code_of(results[1]), code_of(results[3])] == ["name-must-be-unique"] * 2
    assert len(pretend.requests("CreateAudienceSegments")) == 2


@pytest.mark.parametrize("shape", ["errors", "warnings", "bad_request"])
def test_nothing_succeeds(pretend: Pretend, shape: str) -> None:
    """Of a call of which nothing works, each item is refused with its own code, also when the answer is a 400."""
    client = pretend.connect()
    client.create_segments(lists("taken"))
    pretend.fault("failed_items", failed_items=shape, operation="CreateAudienceSegments")
    results = client.create_segments(lists("taken", ""))
    assert [code_of(result) for result in results] == ["name-must-be-unique", "name-must-not-be-empty"]
    assert pretend.statuses("CreateAudienceSegments")[-1] == (400 if shape == "bad_request" else 200)


@pytest.mark.parametrize("shape", ["errors", "warnings", "bad_request"])
def test_partial_success_of_an_update(pretend: Pretend, shape: str) -> None:
    """Items of an update are told apart by their ids."""
    client = pretend.connect()
    client.create_segments(lists("one", "two"))
    pretend.fault("failed_items", failed_items=shape, operation="UpdateAudienceSegments")
    drafts = [SegmentDraft(id=number, name=f"new {number}", description=None) for number in ("501", "77", "500")]
    done, refused, also_done = client.update_segments(drafts)
    assert (done, also_done) == (None, None)
    assert code_of(refused) == "segment-not-found"


def test_an_item_that_nobody_speaks_of_is_unknown() -> None:
    """An item neither in the data nor in a problem may have been done."""
    data = [{"id": "501", "attributes": {"name": "a"}}]
    server = Scripted(always(200, {"data": data, "errors": [], "warnings": []}))
    assert kinds(server.connect().create_segments(lists("a", "b"))) == ["str", "OutcomeUnknown"]


def test_the_order_of_data_means_nothing() -> None:
    """Results are matched by name, not by place."""
    data = [{"id": "502", "attributes": {"name": "b"}}, {"id": "501", "attributes": {"name": "a"}}]
    assert Scripted(always(200, {"data": data})).connect().create_segments(lists("a", "b")) == ("501", "502")


def test_problems_find_their_item() -> None:
    """A problem is matched by an index, by an id at the end of its instance, or by the longest name in its words."""
    problems = told(
        problem("by-index", source={"pointer": "/data/2/attributes/name"}),
        problem("by-instance", instance="/2026-07/marketing-solutions/audience-segments/501"),
        problem("by-name", detail="Another exists with the name: VIP (hot)"),
    )
    results = settle(["501", "VIP", "other", "VIP (hot)", "2026"], {"VIP": "1"}, problems, 200)
    assert [code_of(results[at]) for at in (0, 2, 3)] == ["by-instance", "by-index", "by-name"]
    assert results[1] == "1"
    assert isinstance(results[4], OutcomeUnknown)


def test_a_name_that_reads_like_an_index() -> None:
    """What a segment is called does not point at another one of the call."""
    problems = told(problem("name-must-be-unique", detail="The name 'data/0 buyers' is taken"))
    first, second = settle(["VIP", "data/0 buyers"], {}, problems, 200)
    assert isinstance(first, OutcomeUnknown)
    assert code_of(second) == "name-must-be-unique"


def test_a_problem_that_names_what_is_done_too() -> None:
    """Of two items that a problem names, it is about the one that is not done."""
    problems = told(problem("name-must-be-unique", detail="The name 'VIP' is too near to 'VIP 2026'"))
    first, second = settle(["VIP", "VIP 2026"], {"VIP 2026": "501"}, problems, 200)
    assert (code_of(first), second) == ("name-must-be-unique", "501")


def test_problems_without_a_name_fit_when_there_are_enough() -> None:
    """As many nameless problems as open items leave no doubt; fewer do, unless the whole call is a 400."""
    two = told(problem("quota-exceeded"), problem("quota-exceeded"))
    assert [code_of(result) for result in settle(["a", "b"], {}, two, 200)] == ["quota-exceeded"] * 2
    assert kinds(settle(["a", "b"], {}, two[:1], 200)) == ["OutcomeUnknown"] * 2
    assert [code_of(result) for result in settle(["a", "b"], {}, two[:1], 400)] == ["quota-exceeded"] * 2
    mixed = told(problem("quota-exceeded"), problem("required-field"))
    assert [code_of(result) for result in settle(["a", "b"], {}, mixed, 200)] == ["", ""]


def test_notices_are_no_failures() -> None:
    """A warning about something that worked, or about what will be withdrawn, fails nothing and explains nothing."""
    notices = told(problem("deprecated-field"), problem("soon", type="deprecation"), problem("note", detail="about a"))
    assert settle(["a"], {"a": "1"}, notices, 200) == ("1",)
    assert kinds(settle(["a", "b"], {"a": "1"}, notices, 200)) == ["str", "OutcomeUnknown"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "authorization"}, NotAuthorised),
        ({"type": "access_control"}, NotAuthorised),
        ({"type": "availability"}, OutcomeUnknown),
        ({"type": "unknown"}, OutcomeUnknown),
        ({"code": "internal-error"}, OutcomeUnknown),
        ({"type": "quota"}, Refused),
        ({"type": "something-new"}, Refused),
    ],
)
def test_what_a_failed_item_comes_to(fields: dict[str, object], kind: type[CriteoError]) -> None:
    """The type of an item's problem decides between refused, not authorised and unknown."""
    (result,) = settle(["a"], {}, told({**problem("code", detail="about a"), **fields}), 200)
    assert type(result) is kind


def test_a_name_asked_for_twice_is_made_once() -> None:
    """Two items of one name do not both take the one id that came back."""
    results = settle(["a", "a"], {"a": "1"}, told(problem("name-must-be-unique")), 200)
    assert kinds(results) == ["str", "Refused"]


def test_an_answer_of_204_to_a_delete() -> None:
    """Criteo may answer a delete with 204: everything is deleted."""
    assert Scripted(always(204)).connect().delete_audiences(["900", "901"]) == (None, None)


@pytest.mark.switches(bulk_cap=0, bulk_answers="full")
def test_results_of_earlier_calls_are_kept(pretend: Pretend) -> None:
    """When a later call of several fails, the results of the earlier ones are still told."""
    pretend.fault("close_after", operation="CreateAudienceSegments", nth=2)
    results = pretend.connect().create_segments(lists(*map(str, range(150))))
    assert kinds(results) == ["str"] * 100 + ["OutcomeUnknown"] * 50


@pytest.mark.parametrize("title", ["someone@example.com is bad", "a" * 32, "call 0123456789"])
def test_titles_that_might_quote_somebody_are_left_out(title: str) -> None:
    """A title with what looks like an identifier is not shown, the code is; the detail never is."""
    (found,) = told(problem("invalid", title=title, detail="someone@example.com"))
    assert found.words == "invalid"
    assert "example.com" not in repr(found)


@pytest.mark.parametrize("status", [301, 404, 409, 413, 415, 418])
def test_other_statuses_are_refusals(status: int) -> None:
    """Any other status of 300 and above means that nothing happened."""
    client = Scripted(always(status, {"errors": [problem("some-code")]})).connect()
    with pytest.raises(Refused, match=f"HTTP {status}; some-code") as caught:
        client.clear_list("501")
    assert caught.value.code == "some-code"


@pytest.mark.parametrize(("code", "kind"), [("audience-invalid", Refused), ("no-consent", NotAuthorised)])
def test_a_403_for_a_list_that_is_not_there(code: str, kind: type[CriteoError]) -> None:
    """Criteo shows `audience-invalid` with 403 too: that is about the list, not about rights."""
    with pytest.raises(CriteoError) as caught:
        Scripted(always(403, {"errors": [problem(code)]})).connect().clear_list("501")
    assert type(caught.value) is kind


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": 3}'])
def test_a_refusal_without_envelope(body: bytes) -> None:
    """A refusal needs no envelope to be one."""
    server = Scripted(lambda _: httpx.Response(400, content=body))
    with pytest.raises(Refused, match="HTTP 400"):
        server.connect().clear_list("501")


ITEMS = [{"id": str(500 + number), "attributes": {"name": name}} for number, name in enumerate("abcd")]
FAILED = [problem("name-must-be-unique", detail="Another exists with the name: e"), problem("invalid", detail="of f")]


@pytest.mark.parametrize(
    "envelope",
    [
        {"errors": FAILED},
        {"warnings": FAILED},
        {"errors": FAILED, "warnings": None},
        {"errors": None, "warnings": FAILED},
        {"errors": FAILED[:1], "warnings": FAILED[1:]},
        {"errors": FAILED[::-1], "warnings": []},
    ],
)
@pytest.mark.parametrize("data", [ITEMS, ITEMS[::-1], [ITEMS[2], *ITEMS[:2], ITEMS[3]]])
def test_every_shape_of_partial_success(envelope: dict[str, object], data: list[object]) -> None:
    """Whatever the order of the data, and wherever the problems stand or are left out, each item has its own result."""
    server = Scripted(always(200, {**envelope, "data": data}))
    results = server.connect().create_segments(lists("b", "e", "a", "f", "d", "c"))
    assert [results[at] for at in (0, 2, 4, 5)] == ["501", "500", "503", "502"]
    assert [code_of(results[at]) for at in (1, 3)] == ["name-must-be-unique", "invalid"]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("absent", [{"data": None}, {"data": []}, {}])
def test_nothing_worked_and_no_data(status: int, absent: dict[str, object]) -> None:
    """Null data, empty data and data that are left out all say that nothing worked, with a 200 as with a 400."""
    server = Scripted(always(status, {**absent, "errors": FAILED}))
    assert [code_of(each) for each in server.connect().create_segments(lists("e", "f"))] == [
        "name-must-be-unique",
        "invalid",
    ]


def test_a_bulk_call_without_a_word() -> None:
    """An empty envelope leaves every item open, of a write; of a call that reads nothing can have happened."""
    client = Scripted(always(200, {})).connect()
    assert kinds(client.create_segments(lists("a", "b"))) == ["OutcomeUnknown"] * 2
    assert kinds(client.delete_audiences(["900"])) == ["OutcomeUnknown"]
    assert kinds(client.segment_sizes(["501"])) == ["CriteoError"]


def by_id_alone(request: httpx.Request, names: dict[str, str], failed: list[dict[str, object]]) -> httpx.Response:
    """A Criteo whose creations answer with ids alone, the last one first, and whose search knows the names."""
    if request.url.path.endswith("/create"):
        data: list[object] = [{"id": each, "type": "AudienceSegment"} for each in reversed(names)]
        return httpx.Response(200, json={"data": data, "warnings": failed})
    wanted = sent(request)["data"]["attributes"]["audienceSegmentIds"]
    data = [{"id": each, "attributes": {"name": names[each]}} for each in names if each in wanted]
    return httpx.Response(200, json={"data": data, "meta": {"totalItems": len(data)}})


def test_creations_that_answer_with_ids_alone() -> None:
    """What was created is looked up by its ids, once, and what failed is told beside it."""
    names = {"501": "a", "502": "b", "503": "c"}
    failed = [problem("name-must-be-unique", detail="Another exists with the name: d")]
    server = Scripted(lambda request: by_id_alone(request, names, failed))
    results = server.connect().create_segments(lists("a", "b", "d", "c"))
    assert (results[0], results[1], results[3]) == ("501", "502", "503")
    assert code_of(results[2]) == "name-must-be-unique"
    assert [request.url.path.rpartition("/")[2] for request in server.requests] == ["create", "search"]


def test_a_creation_that_cannot_be_looked_up_is_unknown() -> None:
    """Ids alone and no answer to the look-up: nothing is sent again, and problems that name nobody explain nothing."""
    strays = [problem("invalid"), problem("invalid")]

    def server(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/search"):
            return httpx.Response(403)
        return by_id_alone(request, {"501": "a"}, strays)

    scripted = Scripted(server)
    assert kinds(scripted.connect().create_segments(lists("a", "b"))) == ["OutcomeUnknown"] * 2
    assert [request.url.path.rpartition("/")[2] for request in scripted.requests] == ["create", "search"]


@pytest.mark.parametrize(("status", "code"), [(400, "exceeded-ids-cap"), (413, "invalid")])
def test_a_call_that_is_too_large_is_halved(status: int, code: str) -> None:
    """How many items Criteo takes is not documented: what it refuses for their number is sent in parts, each once."""
    created: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        items = sent(request)["data"]
        if len(items) > 30:
            return httpx.Response(status, json={"errors": [problem(code, title="Too many")]})
        names = [item["attributes"]["name"] for item in items]
        created.extend(names)
        data = [{"id": f"9{name}", "attributes": {"name": name}} for name in names]
        return httpx.Response(200, json={"data": data})

    names = [str(number) for number in range(130)]
    assert Scripted(server).connect().create_segments(lists(*names)) == tuple(f"9{name}" for name in names)
    assert created == names


def test_one_item_that_is_too_large_is_refused() -> None:
    """What can't be halved is refused, with each item its own result."""
    server = Scripted(always(413))
    assert kinds(server.connect().create_segments(lists("a", "b"))) == ["Refused"] * 2
    assert [len(sent(request)["data"]) for request in server.requests] == [2, 1, 1]
