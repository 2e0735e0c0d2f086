# SPDX-License-Identifier: Apache-2.0
"""What every commit must keep to; run by tests/lint."""
