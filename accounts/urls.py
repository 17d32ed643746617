from django.urls import path

from accounts.views import calendars, counter, manage, profile, proving, reset, sign_in, sign_up, staff

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("sign-up/", sign_up.sign_up, name="sign-up"),
    path("after-sign-in/", sign_in.after_sign_in, name="after-sign-in"),
    path("profile/", profile.profile, name="profile"),
    path("password-reset/", reset.ask, name="password-reset"),
    path("password-reset/code/", reset.code, name="password-reset-code"),
    path("profile/prove/", proving.prove, name="prove-account"),
    path("profile/details/", profile.details, name="profile-details"),
    path("profile/password/", profile.password, name="profile-password"),
    path("profile/language/", profile.language, name="profile-language"),
    path("profile/post/", profile.choose_post, name="choose-post"),
    path("desk/accounts/", counter.account, name="counter-account"),
    path("desk/people/<int:pk>/", counter.person, name="counter-person"),
    path("manage/", manage.index, name="manage"),
    path("manage/agencies/", manage.agencies, name="manage-agencies"),
    path("manage/agencies/<int:pk>/", manage.agency, name="manage-agency"),
    path("manage/calendars/", calendars.calendars, name="manage-calendars"),
    path("manage/calendars/<slug:key>/", calendars.calendar, name="manage-calendar"),
    path("manage/staff/", staff.staff, name="manage-staff"),
    path("manage/staff/add/", staff.add, name="manage-staff-add"),
    path("manage/staff/<int:pk>/", staff.post, name="manage-post"),
    path("manage/staff/<int:pk>/end/", staff.end, name="manage-post-end"),
    path("manage/staff/<int:pk>/delegate/", staff.delegate, name="manage-post-delegate"),
    path("manage/staff/<int:pk>/account/", staff.account, name="manage-post-account"),
]
