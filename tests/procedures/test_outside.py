"""What leads to a procedure's page from outside: the sheet for the wall, the data block for search engines."""

import json
import re

from procedures.models import Edition, Procedure

QUERIES = 25
_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def block(client, code):
    (found,) = _BLOCK.findall(client.get(f"/procedures/{code}/").content.decode())
    return json.loads(found)


def test_the_sheet_has_name_code_address_and_papers(catalogue, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        page = client.get("/procedures/1.001193/poster").content.decode()
    assert "Thủ tục đăng ký khai sinh" in page
    assert "/p/1.001193" in page
    assert "<svg" in page
    assert "Tờ khai đăng ký khai sinh" in page


def test_the_page_leads_to_its_sheet(catalogue, client):
    assert 'href="/procedures/1.001193/poster"' in client.get("/procedures/1.001193/").content.decode()


def test_a_sheet_of_no_public_procedure_is_not_found(catalogue, client):
    Procedure.objects.filter(code="1.000894").update(kind=Procedure.Kind.INTERNAL)
    for code in ("1.000894", "1.999999", "\x00"):
        assert client.get(f"/procedures/{code}/poster").status_code == 404


def test_the_data_block_tells_the_facts(catalogue, client):
    found = block(client, "1.001193")
    assert found["@type"] == "GovernmentService"
    assert found["identifier"] == "1.001193"
    assert found["name"] == "Thủ tục đăng ký khai sinh"
    assert found["alternateName"] == "Birth registration"
    assert found["url"].endswith("/procedures/1.001193/")
    assert found["serviceOutput"] == [{"@type": "Thing", "name": "Giấy khai sinh"}]


def test_no_title_ends_the_data_block(catalogue, client):
    edition = Edition.objects.get(procedure__code="1.001193", status="published")
    Edition.objects.filter(pk=edition.pk).update(title_en="</script><b>&")
    assert block(client, "1.001193")["alternateName"] == "</script><b>&"
