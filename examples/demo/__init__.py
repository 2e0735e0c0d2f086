# SPDX-License-Identifier: Apache-2.0
"""What `make run` is made of; the parts themselves are those of the tests (tests/parts)."""
