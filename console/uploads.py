"""What can go wrong with an upload before anybody looks into the file (上传)."""

from app.errors import Invalid


class NoFile(Invalid):
    """The form came without a file."""

    code = "no_file"
    message = "请先选择文件，再上传"
