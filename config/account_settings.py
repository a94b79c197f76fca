"""Settings of accounts, which config/settings.py takes over whole: users, passwords, and the ways to log in."""

from typing import Any

from config import env

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"  # of claimants; the admin has its own
LOGIN_REDIRECT_URL = "my:find"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds, of the link by which somebody new sets the first password

# Accounts of claimants: an address and a code that is mailed to it; with a password, a passkey or Kakao if they like. Codes
# have eight letters (20 ** 8), so that guessing is hopeless whatever the limits. Of allauth's limits only those by account are
# used: by network address alone, behind a proxy that nobody told us of, they would shut out everybody, and by address alone
# whoever's address a stranger types in; ours are in claims/web/account/limits.py. KAKAO_CLIENT_ID and KAKAO_CLIENT_SECRET, of
# Kakao's developer console, add Kakao.
ALLAUTH_TRUSTED_PROXY_COUNT = env.env.int("TRUSTED_PROXIES", 0)
CODE: dict[str, Any] = {"numeric": False, "dashed": True, "length": 8}
CODE_SECONDS = 15 * 60
ACCOUNT_ADAPTER = "claims.web.account.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = CODE
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_FORMAT = CODE
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PASSWORD_RESET_BY_CODE_FORMAT = CODE
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # told to the adapter, which mails nothing to strangers and takes as long
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "my:find"
ACCOUNT_RATE_LIMITS = {
    "login": None, "signup": None, "reset_password_from_key": None, "request_login_code": None, "reset_password": None,
    "confirm_email": None, "login_failed": None, "manage_email": "10/d/user",
}  # fmt: skip
ACCOUNT_FORMS = {
    "login": "claims.web.account.forms.LogInForm",
    "signup": "claims.web.account.forms.SignUpForm",
    "confirm_login_code": "claims.web.account.forms.CodeForm",
    "confirm_email_verification_code": "claims.web.account.forms.ProofForm",
    "confirm_password_reset_code": "claims.web.account.forms.ResetCodeForm",
    "reset_password": "claims.web.account.forms.ResetPasswordForm",
    "reset_password_from_key": "claims.web.account.forms.NewPasswordForm",
    "set_password": "claims.web.account.forms.FirstPasswordForm",
    "change_password": "claims.web.account.forms.ChangePasswordForm",
    "reauthenticate": "claims.web.account.forms.ConfirmForm",
}
MFA_ADAPTER = "claims.web.account.adapters.PasskeyAdapter"
MFA_FORMS = {
    "add_webauthn": "claims.web.account.passkey_forms.AddPasskeyForm",
    "login_webauthn": "claims.web.account.passkey_forms.LogInPasskeyForm",
    "reauthenticate_webauthn": "claims.web.account.passkey_forms.ConfirmPasskeyForm",
    "edit_webauthn": "claims.web.account.passkey_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": None}
KAKAO = {"client_id": env.env.str("KAKAO_CLIENT_ID", ""), "secret": env.env.str("KAKAO_CLIENT_SECRET", "")}
KAKAO = KAKAO if KAKAO["client_id"] else {}
SOCIALACCOUNT_ADAPTER = "claims.web.account.adapters.KakaoAdapter"
SOCIALACCOUNT_FORMS = {
    "disconnect": "claims.web.account.forms.DisconnectForm", "signup": "claims.web.account.forms.KakaoSignUpForm",
}  # fmt: skip
SOCIALACCOUNT_PROVIDERS = {"kakao": {"APPS": [KAKAO] if KAKAO else []}}
