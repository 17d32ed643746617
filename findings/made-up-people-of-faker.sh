#!/usr/bin/env bash
# Made-up Vietnamese people for tests.
#
# Guess: Faker's vi_VN gives names as they are written (family name first), Vietnamese given names and numbers of
#   twelve digits.
# Seen: Faker 40.63.0 puts the given name first ("Hạnh Trần"), first_name() gives "Jane" or "John", and ssn() a number
#   of the United States (608-75-6449).
# Why it matters: tests on such data pass with names turned round, and demonstrations look foreign to everybody in the
#   office.
# What we do instead: the demonstration's people are written by hand, with numbers that vietnam/identity.py accepts and
#   that belong to nobody.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check faker==40.63.0
"$dir/env/bin/python" - <<'PY'
import re
import sys
from importlib.metadata import version

from faker import Faker

FAMILIES = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Bùi", "Dương", "Mai", "Đặng", "Phan", "Hồ"}
fake = Faker("vi_VN")
Faker.seed(1)
names = [fake.name() for _ in range(200)]
last = sum(name.split()[-1] in FAMILIES for name in names)
first = sum(name.split()[0] in FAMILIES for name in names)
given, numbers = {fake.first_name() for _ in range(50)}, [fake.ssn() for _ in range(3)]
print("Faker", version("faker"))
print("guess: family names first; Vietnamese given names; twelve digits")
print(f"seen:  {names[4:8]}; of 200, {last} end with a family name and {first} begin with one")
print("seen: ", given, numbers)
as_noted = last > 150 > 30 > first and given == {"Jane", "John"} and all(re.match(r"\d{3}-\d\d-\d{4}$", n) for n in numbers)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
