"""Fills a fresh database of the peer: one service of half an hour, one member of staff, the same hours every day."""

import datetime

import django
from django.core.management import call_command


def seed() -> None:
    """Makes the tables and the rows."""
    # The package ships no migrations; its tables are made from its models.
    call_command("migrate", run_syncdb=True, verbosity=0)
    from appointment.models import Service, StaffMember, WorkingHours
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_user("researcher", "researcher@example.org", first_name="Researcher")
    service = Service.objects.create(name="Interview", duration=datetime.timedelta(minutes=30), price=0)
    staff = StaffMember.objects.create(user=user, slot_duration=30)
    staff.services_offered.add(service)
    for day in range(7):
        WorkingHours.objects.create(
            staff_member=staff, day_of_week=day, start_time=datetime.time(9), end_time=datetime.time(18)
        )


if __name__ == "__main__":
    django.setup()
    seed()
