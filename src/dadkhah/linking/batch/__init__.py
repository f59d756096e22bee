"""Links to other datasets: candidates found by the machine, decisions made by people."""
