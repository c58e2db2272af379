"""The smallest Django site that serves django-appointment as its documentation asks."""
