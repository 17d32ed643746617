"""The guides: trees that end where something is carried, and the pages that walk them by their address alone."""

import pytest
from django.conf import settings

from procedures.editions import bundled
from procedures.models import Procedure
from procedures.public.guides import START, guides, meant_by, walk_guide

GUIDES = list(guides().values())
each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.key)


def ways(guide, key=START, passed=()):
    """Every way to an end, as (keys of the questions, places of the answers); a question met again fails."""
    assert key not in passed, f"{guide.key}: {key} leads back to itself"
    for place, answer in enumerate(guide.questions[key].answers):
        if answer.then:
            for keys, places in ways(guide, answer.then, (*passed, key)):
                yield keys, (place, *places)
        else:
            yield (*passed, key), (place,)


@pytest.fixture(scope="module")
def cases():
    return {facts["code"]: {case["key"] for case in facts.get("cases", [])} for facts in bundled.read_bundled()}


@each_guide
def test_every_question_is_reached_and_ends_within_four(guide):
    found = list(ways(guide))
    assert {key for keys, _places in found for key in keys} == set(guide.questions)
    assert 2 <= max(len(keys) for keys, _places in found) <= 4


@each_guide
def test_every_end_is_a_carried_procedure_and_case(guide, cases):
    for question in guide.questions.values():
        assert len(question.answers) >= 2
        for answer in question.answers:
            assert bool(answer.then) != bool(answer.wanted)
            for one in answer.wanted:
                assert one.code in cases, one.code
                assert one.case in (cases[one.code] or {""}), one
                assert one.why.endswith(".")
                assert one.why_en.endswith(".")


@each_guide
def test_both_languages_are_there(guide):
    texts = [(guide.name, guide.name_en), (guide.hint, guide.hint_en)]
    for question in guide.questions.values():
        texts.append((question.ask, question.ask_en))
        texts += [(answer.say, answer.say_en) for answer in question.answers]
    assert all(vietnamese.strip() and english.strip() for vietnamese, english in texts)
    assert all(english.isascii() for _vietnamese, english in texts)
    assert all(len(question.answers) == len({a.say for a in question.answers}) for question in guide.questions.values())


def test_phrases_belong_to_one_guide():
    phrases = [phrase for guide in GUIDES for phrase in guide.words]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    ("text", "key"),
    [("lam khai sinh cho con", "birth"), ("Sang tên SỔ ĐỎ", "land"), ("mat the can cuoc", "identity"), ("xyz", "")],
)
def test_a_search_means_a_guide(text, key):
    found = meant_by(text)
    assert (found.key if found else "") == key


def test_a_walk_stops_where_it_no_longer_understands():
    birth = guides()["birth"]
    for given in (["0", "9", "1"], ["0", "-1"], ["0", "²"], ["0", ""], ["0", "٣"], ["0", "9" * 9]):
        walked = walk_guide(birth, given)
        assert len(walked.steps) == 1
        assert walked.question is birth.questions["parents"]
        assert not walked.wanted
    ended = walk_guide(birth, ["0", "0", "0", "2", "7"])
    assert len(ended.steps) == 3
    assert ended.wanted[0].code == "1.001193"


def test_questions_lead_to_the_procedure_and_its_case(catalogue, client):
    assert 'href="/guides/birth/"' in client.get("/guides/").content.decode()
    first = client.get("/guides/birth/")
    assert first.context["back_url"] == "/guides/"
    assert not first.context["form"].errors
    second = client.get("/guides/birth/", {"n": 1, "a": 0})
    assert second.context["back_url"] == "/guides/birth/"
    assert '<input type="hidden" name="a" value="0">' in second.content.decode()
    end = client.get("/guides/birth/?a=0&n=2&a=1")
    assert end.context["back_url"] == "/guides/birth/?a=0"
    [wanted] = end.context["wanted"]
    assert wanted["url"] == "/procedures/2.000528/?case=born_here"
    assert wanted["file_url"] == "/file/2.000528/"
    assert wanted["why"] in end.content.decode()
    assert [row["change_url"] for row in end.context["answers"]] == ["/guides/birth/", "/guides/birth/?a=0"]
    chosen = [chip for chip in client.get(wanted["url"]).context["cases"] if chip["current"]]
    assert chosen[0]["url"].startswith(wanted["url"])


def test_a_page_sent_without_an_answer_says_so(db, client):
    page = client.get("/guides/birth/?a=0&n=2")
    assert page.context["form"].errors
    assert "Hãy chọn một câu trả lời." in page.content.decode()
    assert not client.get("/guides/birth/?a=0").context["form"].errors


def test_wrong_addresses_show_what_is_understood(db, client):
    for query in ("a=99", "a=x", "a=", "n=abc", "a=0&a=77", "a=%00", "b=1"):
        assert client.get(f"/guides/birth/?{query}").status_code == 200, query
    assert client.get("/guides/unknown/").status_code == 404


def test_a_procedure_that_is_not_offered_today_is_left_out(catalogue, client):
    Procedure.objects.filter(code="1.012549").update(kind=Procedure.Kind.INTERNAL)
    page = client.get("/guides/birth/?a=0&a=0&a=0")
    assert [item["url"] for item in page.context["wanted"]] == ["/procedures/1.001193/", "/procedures/2.000986/"]
    Procedure.objects.filter(code__in=("1.001193", "2.000986")).update(kind=Procedure.Kind.INTERNAL)
    page = client.get("/guides/birth/?a=0&a=0&a=0")
    assert page.context["wanted"] == []
    assert 'href="/places/"' in page.content.decode()


@each_guide
def test_every_end_is_published_receivable_and_as_sure_as_its_facts(catalogue, guide):
    """A sentence is never surer than the catalogue's entry of the procedure that it leads to."""
    sources = {row["key"] for row in bundled.bundled_competence("sources")["sources"]}
    for one in (one for question in guide.questions.values() for answer in question.answers for one in answer.wanted):
        procedure = Procedure.objects.select_related("current").get(code=one.code)
        edition = procedure.in_force
        assert (procedure.kind, edition.status) == (Procedure.Kind.RECEIVABLE, "published"), one.code
        assert set(edition.levels) & {"province", "commune"}, one.code
        assert one.case in {"", *(case["key"] for case in edition.facts.get("cases", []))}, one
        assert one.source in sources
        assert (one.state == "to_be_confirmed") == (one.source == "memory"), one
        if one.state == "confirmed":
            assert edition.facts["state"] == "confirmed", one


def test_a_sentence_that_is_not_confirmed_says_so(catalogue, client):
    page = client.get("/guides/marriage/?a=1")
    assert [item["sure"] for item in page.context["wanted"]] == [False]
    assert "(chờ xác nhận)" in page.content.decode()
    assert "(chờ xác nhận)" not in client.get("/guides/marriage/?a=0&a=0").content.decode()


def test_every_end_asks_the_database_as_often(catalogue, client, django_assert_max_num_queries):
    for guide in GUIDES:
        for _keys, places in ways(guide):
            with django_assert_max_num_queries(3):
                page = client.get(f"/guides/{guide.key}/", {"a": places})
            assert page.status_code == 200
            assert page.context["wanted"], (guide.key, places)


def test_lists_and_start_page_point_to_guides(catalogue, client):
    found = client.get("/procedures/", {"q": "so do"})
    assert [item["url"] for item in found.context["guides"]] == ["/guides/land/"]
    assert 'href="/guides/land/"' in found.content.decode()
    assert [g["url"] for g in client.get("/procedures/?event=death").context["guides"]] == ["/guides/death/"]
    assert client.get("/procedures/").context["guides"] == []
    assert 'href="/guides/"' in client.get("/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/guides/land/").context["form"]["a"].label == guides()["land"].questions[START].ask_en
