"""All pages of the peer, at the root."""

from django.urls import include, path

urlpatterns = [path("", include("appointment.urls"))]
