"""Agreement."""
from qualcode.agreement.assessing import assess
