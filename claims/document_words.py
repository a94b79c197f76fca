"""What pages say when a file is not taken, by the refusal's code, in Korean and English: to claimants, and to staff who send
one for them.
"""

from __future__ import annotations

from services.language import in_english

REFUSED_FILES: dict[str, tuple[str, str]] = {
    "file_empty": ("빈 파일입니다. 보내려던 파일을 다시 고르세요.", "The file is empty. Choose the one that you meant."),
    "file_too_large": (
        "파일이 10MB보다 큽니다. 작게 저장하거나 나누어 보내세요.",
        "The file is larger than 10 MB. Save it smaller, or send it in parts.",
    ),
    "file_type_not_allowed": (
        "받지 않는 종류의 파일입니다. 사진은 JPEG, PNG, WebP로, 문서는 PDF로, 표는 CSV로 보내세요.",
        "Files of this kind are not taken. Send a picture as JPEG, PNG or WebP, a document as PDF, a table as CSV.",
    ),
    "heic_refused": (
        "HEIC 사진입니다. JPEG로 보내세요. 아이폰은 설정 > 카메라 > 포맷에서 ‘높은 호환성’을 고르세요.",
        "This is a HEIC picture. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible.",
    ),
    "file_damaged": (
        "파일이 중간에 끊겼거나 읽을 수 없습니다. 열리는지 보고, 다시 저장하거나 찍어서 보내세요.",
        "The file ends too soon or cannot be read. See whether it opens, save or photograph it anew, and send that.",
    ),
    "file_mixed": (
        "한 파일에 다른 종류의 파일이 함께 들어 있습니다. 새로 저장하거나 화면을 찍어서 보내세요.",
        "Another kind of file is hidden in this one. Save it anew, or send a screenshot.",
    ),
    "file_not_checked": (
        "정해진 시간 안에 파일을 확인하지 못했습니다. 잠시 뒤에 다시 보내세요. 그래도 안 되면 작게 저장하거나 나누어 보내세요.",
        "The file could not be checked in time. Send it again in a moment; if that fails, save it smaller or send it in parts.",
    ),
    "image_too_large": (
        "사진이 너무 큽니다. 3천만 화소(WebP는 1천2백만)까지 받습니다. 크기를 줄여서 보내세요.",
        "The picture is too large: up to 30 million pixels (WebP: 12 million) are taken. Make it smaller.",
    ),
    "image_animated": (
        "움직이는 그림은 받지 않습니다. 보여 주려는 장면을 화면에서 찍어서 보내세요.",
        "Pictures that move are not taken. Send a screenshot of what it should show.",
    ),
    "pdf_encrypted": (
        "잠기거나 비밀번호가 있는 PDF입니다. 비밀번호 없이 PDF로 인쇄해서 보내세요.",
        "The PDF is locked or has a password. Print it into a PDF without one, and send that.",
    ),
    "pdf_active": (
        "실행되거나 다른 파일이 든 PDF입니다. PDF로 다시 인쇄해서 보내세요.",
        "The PDF runs something or carries another file. Print it into a PDF anew, and send that.",
    ),
    "pdf_too_large": (
        "쪽이나 내용이 너무 많은 PDF입니다. 필요한 쪽만 보내세요.",
        "The PDF has too many pages or too much in it. Send the pages that matter.",
    ),
    "table_refused": (
        "표로 읽을 수 없습니다. 스프레드시트에서 CSV로 저장하거나, PDF나 사진으로 보내세요.",
        "This cannot be read as a table. Save it as CSV from a spreadsheet, or send it as a PDF or picture.",
    ),
    "table_too_large": (
        "표가 너무 큽니다. 필요한 줄과 열만 보내세요.",
        "The table is too large. Send the rows and columns that matter.",
    ),
    "picture_unreadable": (
        "이름은 사진인데 사진으로 읽을 수 없습니다. 열리는지 보고, JPEG나 PNG로 다시 저장하거나 화면을 찍어서 보내세요.",
        "By its name it is a picture, but it cannot be read as one. See whether it opens; save it anew as JPEG or PNG, or send "
        "a screenshot.",
    ),
    "pdf_unreadable": (
        "이름은 PDF인데 PDF로 읽을 수 없습니다. 열리는지 보고, PDF로 다시 저장하거나 사진으로 보내세요.",
        "By its name it is a PDF, but it cannot be read as one. See whether it opens; save it anew as PDF, or send a picture.",
    ),
    "too_many_files": (
        "이 청구에는 파일이 50개까지 들어갑니다. 더 보낼 것이 있으면 글로 알려 주세요.",
        "A claim takes up to 50 files. Write to us about what is missing.",
    ),
    "too_many_files_now": (
        "한 시간에 파일을 20개까지 받습니다. 이 파일은 받지 않았습니다. 한 시간쯤 뒤에 다시 보내세요.",
        "Up to 20 files are taken in an hour, and this one was not. Send it again in about an hour.",
    ),
    "claim_files_too_large": (
        "이 청구의 파일을 모두 합해 100MB까지 받습니다. 더 작은 파일로 보내세요.",
        "All files of a claim together may have up to 100 MB. Send a smaller one.",
    ),
    "file_rejected_before": (
        "담당자가 살펴보고 인정하지 않은 파일입니다. 다른 파일을 보내세요.",
        "Our staff looked at this very file and did not accept it. Send another one.",
    ),
    "subject_unknown": (
        "그사이 보상 정책이 바뀌어 더는 확인하지 않는 것이 있습니다. 다시 골라 보내 주세요.",
        "The policies changed meanwhile, and something need not be proved any more. Please choose again and send it.",
    ),
    "unknown_evidence_item": (
        "이제는 이 자료를 보내지 않아도 됩니다. 그래도 보내려면 다른 자료로 보내세요.",
        "This document is not asked for any more. If you want to send it all the same, send it as something else.",
    ),
    "transition_not_allowed": (
        "거두었거나 다른 청구와 합쳐진 청구입니다. 파일을 더 받지 않습니다.",
        "This claim was withdrawn or merged into another. It takes no more files.",
    ),
}  # fmt: skip


# What has no sign of a picture or a PDF is read as a table; whoever sent it under such a name meant none.
NO_TABLE = ("file_type_not_allowed", "table_refused", "table_too_large")
BY_ENDING = {"pdf_unreadable": (".pdf",), "picture_unreadable": (".jpg", ".jpeg", ".png", ".webp")}


def said_refused_file(code: str, name: str = "") -> str:
    """Empty of a code that has no words here. `name`: of the file, as it was sent."""
    if code in NO_TABLE:
        code = next((one for one, endings in BY_ENDING.items() if name.lower().endswith(endings)), code)
    return REFUSED_FILES[code][in_english()] if code in REFUSED_FILES else ""
