# SPDX-License-Identifier: Apache-2.0
"""What the suites stand on: a running platform with a client for each of its doors, devices, hooks, a ledger."""
