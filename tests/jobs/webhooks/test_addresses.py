"""Which addresses are private, in whatever way they are written."""

import ipaddress

import pytest

from jobs.errors import BadInput
from jobs.webhooks.addresses import is_public
from jobs.webhooks.models import Webhook, check
from tests.support.receiver import SECRET

PRIVATE_V4 = [
    "0.0.0.0",  # noqa: S104 - looked at, not bound to
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
]
PRIVATE_V6 = [
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "2606:4700::1111%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE_V4 + PRIVATE_V6)
def test_a_private_address_is_told(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_told(address):
    assert is_public(ipaddress.ip_address(address))


PRIVATE_HOSTS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "x.localhost",
    "printer.local",
    "db.internal",
    "nas.home.arpa",
    "redis",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "10.1",
    "169.254.169.254",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[fd00:ec2::254]",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_job_with_an_address_that_is_seen_to_be_private_is_refused(host):
    webhook = Webhook(url=f"http://{host}:8000/latest/meta-data", secret=SECRET)

    with pytest.raises(BadInput, match="private addresses"):
        check(webhook, private_addresses=False)
    check(webhook, private_addresses=True)
