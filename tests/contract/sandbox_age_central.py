"""The same as sandbox_age.py where 0.1 kept all secrets in the account that it ran from."""

import unittest

import sandbox_age
from age import organization


class CentralAge(sandbox_age.Age):
    STORE = organization.CENTRAL


if __name__ == "__main__":
    unittest.main()
