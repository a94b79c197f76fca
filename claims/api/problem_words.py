"""What a problem's code says, in Korean and English: a title, and where it has a gap, what would be right.

Nothing of what was sent is in them: whoever reads somebody's logs learns nothing that they did not send themselves.
"""

from __future__ import annotations

from services.language import in_english

WORDS: dict[str, tuple[str, str]] = {
    # The request itself
    "length_required": ("Content-Length가 필요합니다. 나누어 보내는 본문(chunked)은 읽지 않습니다.",
        "A Content-Length is needed. A body in chunks is not read."),
    "body_too_large": ("본문이 너무 큽니다. 최대 {}바이트입니다.", "The body is too large. At most {} bytes are taken."),
    "batch_too_large": ("한 번에 보내기에는 너무 많습니다. 최대 {}건입니다. 더 많으면 파일로 가져오세요.",
        "These are too many at once, of at most {}. Send more of them as an import."),
    "unsupported_media_type": ("Content-Type은 {} 이어야 합니다.", "The Content-Type has to be {}."),
    "unsupported_charset": ("본문은 UTF-8이어야 합니다.", "The body has to be UTF-8."),
    "unsupported_encoding": ("압축한 본문은 풀지 않습니다. 그대로 보내세요.",
        "A compressed body is not unpacked. Send it as it is."),
    "empty_body": ("본문이 없습니다. JSON 객체를 보내세요.", "There is no body. Send a JSON object."),
    "body_unexpected": ("여기에는 본문을 보내지 않습니다.", "Nothing is to be said here. Send no body."),
    "malformed_json": ("JSON으로 읽을 수 없습니다.", "This cannot be read as JSON."),
    "json_too_deep": ("괄호가 너무 깊습니다. 최대 {}겹입니다.", "The body is nested too deep. At most {} levels are read."),
    "duplicate_key": ("한 객체 안에 같은 이름이 두 번 있습니다. 한 번만 쓰세요.",
        "A name stands twice in one object. Write it once."),
    "object_expected": ("JSON 객체여야 합니다.", "A JSON object is expected."),
    "bad_request": ("요청을 읽을 수 없습니다.", "The request cannot be read."),
    "not_found": ("이 주소에는 아무것도 없습니다.", "There is nothing at this address."),
    "method_not_allowed": ("이 주소에는 그 메서드가 없습니다. Allow 헤더를 보세요.",
        "This method is not known here. See the Allow header."),
    "not_acceptable": ("JSON으로만 답합니다.", "Answers are JSON only."),
    "internal_error": ("우리 쪽에 문제가 생겼습니다. 같은 Idempotency-Key로 다시 보내도 됩니다.",
        "Something of ours broke. It may be sent again with the same Idempotency-Key."),
    "unavailable": ("지금은 답할 수 없습니다. Retry-After 뒤에 같은 Idempotency-Key로 다시 보내세요.",
        "This cannot be answered now. Send it again after Retry-After, with the same Idempotency-Key."),
    # Who asks
    "unauthenticated": ("토큰이 없거나, 틀렸거나, 기한이 지났습니다. /oauth/token에서 새로 받으세요.",
        "There is no token, or it is wrong or has expired. Get one at /oauth/token."),
    "scope_missing": ("이 일에는 {} 범위가 필요합니다.", "This needs the scope {}."),
    "forbidden": ("허용되지 않았습니다.", "This is not allowed."),
    "rate_limited": ("요청이 너무 잦습니다. Retry-After 뒤에 다시 보내세요.",
        "These are too many requests. Send it again after Retry-After."),
    # Query strings
    "unknown_parameter": ("모르는 매개변수입니다. 쓸 수 있는 것: {}", "This parameter is not known. Known are: {}"),
    "parameter_repeated": ("매개변수가 두 번 있습니다. 한 번만 쓰세요.", "The parameter stands twice. Give it once."),
    "parameter_missing": ("이 매개변수가 필요합니다.", "This parameter is needed."),
    "cursor_invalid": ("이 목록의 커서가 아닙니다. 처음부터 다시 읽으세요.",
        "This is no cursor of this list. Read it from its beginning."),
    "limit_invalid": ("limit은 1에서 {}까지의 수입니다.", "limit is a number from 1 to {}."),
    "choice_unknown": ("쓸 수 있는 값이 아닙니다. {}", "This is none of the values that there are. {}"),
    # Sending it again
    "idempotency_key_required": ("Idempotency-Key 헤더가 필요합니다. 요청마다 새로 만들고, 다시 보낼 때는 같은 것을 쓰세요.",
        "The header Idempotency-Key is needed: a new one for each request, and the same one when it is sent again."),
    "idempotency_key_invalid": ("Idempotency-Key는 빈칸 없는 ASCII 글자 1~255자입니다.",
        "An Idempotency-Key has 1 to 255 ASCII characters without a space."),
    "idempotency_key_reused": ("이 Idempotency-Key는 다른 요청에 썼습니다. 새것을 쓰세요.",
        "This Idempotency-Key was used for another request. Use a new one."),
    "request_in_progress": ("같은 Idempotency-Key의 요청을 처리하고 있습니다. 잠시 뒤에 다시 보내세요.",
        "A request with this Idempotency-Key is being worked on. Send it again in a moment."),
    "version_required": ("If-Match 헤더가 필요합니다. 읽을 때 받은 ETag를 쓰세요.",
        "The header If-Match is needed, with the ETag that came when it was read."),
    "version_mismatch": ("그 사이에 바뀌었습니다. 다시 읽고 하세요.", "It has changed meanwhile. Read it again, then do it."),
    # Fields
    "body_invalid": ("틀린 곳이 여럿 있습니다. errors를 보세요.", "Several fields are wrong. See errors."),
    "required": ("값이 필요합니다.", "A value is needed."),
    "unknown_field": ("모르는 이름입니다.", "This name is not known."),
    "string_expected": ("글이어야 합니다.", "Text is expected."),
    "integer_expected": ("정수여야 합니다.", "A whole number is expected."),
    "boolean_expected": ("true 또는 false여야 합니다.", "true or false is expected."),
    "array_expected": ("배열이어야 합니다.", "An array is expected."),
    "null_expected": ("null이어야 합니다.", "null is expected."),
    "out_of_range": ("쓸 수 있는 범위를 벗어났습니다. {}", "This lies beyond what is taken. {}"),
    "value_too_long": ("너무 깁니다. 최대 {}자입니다.", "This is too long. At most {} characters are taken."),
    "too_many_items": ("너무 많습니다. 최대 {}건입니다.", "These are too many. At most {} are taken."),
    "format_invalid": ("정해진 모양이 아닙니다. {}", "This has not the form that is asked for. {}"),
    "value_invalid": ("쓸 수 없는 값입니다.", "This value is not taken."),
    "invalid_value": ("쓸 수 없는 값입니다.", "This value is not taken."),
    "invalid_character": ("보이지 않거나 글자가 아닌 것이 들어 있습니다.",
        "There is a character in it that cannot be seen, or is none."),
    "datetime_format": ("RFC 3339의 시각이어야 합니다: 2022-10-15T15:30:00+09:00",
        "An instant of RFC 3339 is expected: 2022-10-15T15:30:00+09:00"),
    "timezone_required": ("시각에 시간대가 없습니다: +09:00 또는 Z를 붙이세요.",
        "The instant has no offset: add +09:00, or Z."),
    "interval_invalid": ("끝이 시작보다 뒤여야 합니다.", "The end has to be after the start."),
    "in_the_future": ("아직 오지 않은 때입니다. 계속되고 있으면 끝을 비우세요.",
        "This has not come yet. Leave the end out while it lasts."),
    "reference_unknown": ("그런 것이 없습니다.", "There is no such thing."),
    "person_unnamed": ("처음 보내는 사람입니다.", "This person is not known yet."),
    # Usage
    "kind_unknown": ("이용의 종류가 아닙니다.", "This is no kind of usage."),
    "lock_outside_ride": ("잠근 때가 이용 시간 밖에 있습니다.", "The lock lies outside the ride."),
    "usage_differs": ("이 번호는 다른 내용으로 이미 있습니다. 보낸 이용은 바뀌지 않습니다.",
        "This number is known with another content. A usage is never changed."),
    "currency_unknown": ("통화는 KRW처럼 대문자 세 글자입니다.", "A currency has three capitals, like KRW."),
    "item_invalid": ("틀린 것이 있어 아무것도 저장하지 않았습니다. errors를 보세요.",
        "Some are wrong, and nothing was stored. See errors."),
    # Claims
    "unknown_claim": ("그런 청구가 없습니다.", "There is no such claim."),
    "unknown_person": ("그런 사람이 없습니다.", "There is no such person."),
    "unknown_usage": ("그런 이용이 없습니다.", "There is no such usage."),
    "unknown_incident": ("그런 장애가 없습니다.", "There is no such incident."),
    "unknown_version": ("그런 판이 없습니다.", "There is no such version."),
    "unknown_policy": ("그런 정책이 없습니다.", "There is no such policy."),
    "unknown_service": ("그런 서비스가 없습니다.", "There is no such service."),
    "unknown_decision": ("그런 결정이 없습니다.", "There is no such decision."),
    "unknown_payout": ("그런 지급이 없습니다.", "There is no such payout."),
    "duplicate_claim": ("이 사람은 이 장애로 이미 다른 번호의 청구가 있습니다.",
        "This person has a claim about this incident already, under another number of yours."),
    "claim_differs": ("이 번호의 청구는 다른 내용으로 이미 있습니다.",
        "This number is known as a claim with another content."),
    "person_differs": ("이 사람은 다른 이름이나 연락처로 이미 있습니다.",
        "This person is known by another name or address already."),
    "consent_missing": ("꼭 필요한 동의가 없습니다.", "A consent that has to be given is missing."),
    "consent_outdated": ("동의할 글이 바뀌었거나 빠졌습니다. /api/v1/consents를 다시 읽으세요.",
        "The texts to agree to have changed, or one was left out. Read /api/v1/consents again."),
    "email_invalid": ("전자우편 주소가 아닙니다.", "This is no e-mail address."),
    "resident_number": ("주민등록번호처럼 보입니다. 주민등록번호는 받지 않습니다.",
        "This looks like a resident registration number, which is not taken."),
    "fact_unknown": ("어느 정책도 묻지 않는 사실입니다.", "No policy asks for this fact."),
    "fact_name_invalid": ("사실의 이름이 아닙니다.", "This is no name of a fact."),
    "fact_of_another_place": ("이 사실을 물은 곳이 아닙니다. 청구와 피해 가운데 맞는 곳에 쓰세요.",
        "This fact is asked for elsewhere: of the claim, or of each loss."),
    "provenance_unknown": ("쓸 수 있는 출처가 아닙니다.", "This is no provenance."),
    "not_quoted": ("이 장애의 공식 기록이 아직 없어 계산할 수 없습니다. 청구는 할 수 있습니다.",
        "There is no official record of this incident yet, so nothing is computed. A claim can be made."),
    "too_many_losses": ("피해가 너무 많습니다.", "These are too many losses."),
    "words_not_asked": ("목록에 없는 것만 말로 씁니다.", "Only what is in no list is told in words."),
    "loss_withdrawn": ("거두어들인 피해입니다.", "This loss was withdrawn."),
    "transition_not_allowed": ("지금 이 청구의 상태에서는 할 수 없습니다.", "This cannot be done as the claim stands now."),
}  # fmt: skip
OTHERWISE = ("받을 수 없습니다.", "This is not taken.")


def title_of(code: str) -> str:
    """The code in plain words; it never changes for one code and language."""
    return detail_of(code, "")


def detail_of(code: str, about: str) -> str:
    """`about`: bounds and names of ours that a code's words leave a gap for."""
    told = WORDS.get(code, OTHERWISE)[in_english()]
    return told.replace("{}", about).rstrip(" :") if "{}" in told else told
