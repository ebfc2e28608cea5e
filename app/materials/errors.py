"""What can go wrong with a photo (照片的错误)."""

from app.errors import Conflict, DomainError, Invalid, NotFound, Unavailable


class PhotoNotFound(NotFound):
    """There is no such photo, or it is somebody else's."""

    code = "photo_not_found"
    message = "没有找到这张照片，请返回刷新后再试"


class PhotoTooLarge(DomainError):
    """The file has more bytes than a photo may have."""

    status = 413
    code = "photo_too_large"
    message = "照片超过{most_mb}MB，请压缩或重新拍摄后再上传"


class PhotoRefused(Invalid):
    """The upload is no photo that can be taken in."""

    code = "photo_refused"
    message = "这张照片无法使用，请重新拍摄后再上传"


class NotAPhoto(PhotoRefused):
    """The content is something else, whatever the file is called."""

    code = "not_a_photo"
    message = "只能上传JPG、PNG或HEIC照片，您选的文件是{kind}，请重新选择"


class PhotoTooManyPixels(PhotoRefused):
    """The picture claims more pixels than we decode."""

    code = "photo_too_many_pixels"
    message = "照片尺寸过大（{width}×{height}），请用普通模式重新拍摄后再上传"


class PhotoAnimated(PhotoRefused):
    """A moving picture."""

    code = "photo_animated"
    message = "不能上传动图，请上传一张静止的照片"


class PhotoTruncated(PhotoRefused):
    """The end of the file is missing."""

    code = "photo_truncated"
    message = "照片没有传完整，请检查网络后重新上传"


class PhotoBroken(PhotoRefused):
    """The file says that it is a photo and cannot be decoded as one."""

    code = "photo_broken"
    message = "照片已损坏，打不开，请重新拍摄后再上传"


class PhotoHasForeignData(PhotoRefused):
    """Something that is no picture hangs on the end of the file."""

    code = "photo_has_foreign_data"
    message = "照片里夹带了其他内容，请直接拍摄或选择相册原图"


class PhotoInfected(PhotoRefused):
    """A virus was found in the upload; nothing of it is kept."""

    code = "photo_infected"
    message = "这张照片没有通过病毒检查，没有收下。请用手机相机重新拍一张"


class PhotoBeingChecked(Unavailable):
    """It is not known yet whether a virus is in the photo."""

    code = "photo_being_checked"
    message = "这张照片还在做病毒检查，请过几分钟刷新再看"


class PhotoMissing(Invalid):
    """The request carries no photo."""

    code = "photo_missing"
    message = "没有收到照片，请重新选择后上传"


class TooManyPages(Conflict):
    """The material or the case has all the pages it may have."""

    code = "too_many_pages"
    message = "照片已达上限（{most}张），请先删除不需要的照片"


class PageTwice(Conflict):
    """The picture that is to take a page's place is another page of the material already."""

    code = "page_twice"
    message = "这张照片已经交过了，请重新拍一张"


class OrderMismatch(Invalid):
    """An order must name each of the material's photos exactly once."""

    code = "order_mismatch"
    message = "照片有变化，请刷新后重新排序"


class UploadExpired(Conflict):
    """The file of an upload was cleared away before its page was written down."""

    code = "upload_expired"
    message = "上传用时太长，请重新上传这张照片"


class PhotosBusy(Unavailable):
    """Every place for decoding is taken."""

    code = "photos_busy"
    message = "上传的人较多，请稍后再传这张照片"
