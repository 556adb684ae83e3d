"""The phrases for the last word: seeds from 200 on. Nobody works with these."""

from __future__ import annotations

from tests.geocoding_rows.books import Book

LAST = Book(
    houses=(
        "{n} {s}", "số {n} đường {s}", "nhà số {n}, {s}", "trước số nhà {n} {s}", "tại {n} {s}",
        "SN: {n}, Đ. {s}", "địa chỉ nhà: {n} {s}", "gần nhà {n} đường {s}", "{n} - {s}",
        "{n}, Đường {s}", "phía đối diện số {n} {s}", "cửa hàng số {n} {s}", "quán cơm {n} {s}",
        "tiệm thuốc tây số {n} {s}", "công ty tại {n} {s}", "mặt tiền {n} {s}", "tường nhà {n} {s}",
        "vỉa hè trước nhà số {n} đường {s}", "đoạn gần số {n} {s}", "tòa nhà {n} {s}",
    ),
    alleys=(
        "hẻm {n} {s}", "HẺM {n} ĐƯỜNG {s}", "hẻm số {n}, đường {s}", "trong hẻm {n} {s}",
        "sâu trong hẻm {n} đường {s}", "{n}/{h} {s}", "số {n}/{h} đường {s}", "hẻm {n}, {s}",
        "cuối hẻm {n} {s}", "ngay đầu hẻm {n} {s}", "nhà số {h} hẻm {n} {s}", "lối vào hẻm {n} {s}",
        "hẻm cụt {n} {s}", "khu trọ {n}/{h} {s}", "dãy trọ hẻm {n} {s}", "ngõ số {n} đường {s}",
        "đường hẻm {n} {s}", "số {h}, hẻm {n} {s}", "gần hẻm {n} {s}", "đối diện hẻm {n} {s}",
    ),
    crossings=(
        "ngã tư {s} - {t}", "ngã tư {s} và {t}", "ngã ba {s} – {t}", "góc {s} và {t}",
        "góc đường {s} - {t}", "giao lộ {s}/{t}", "{s} giao với {t}", "nút giao thông {s} - {t}",
        "giao giữa {s} và {t}", "{s} - {t}", "vòng xoay {s} – {t}", "chốt đèn {s} - {t}",
        "khúc {s} giao {t}", "ngay ngã tư đường {s} và đường {t}", "ngã 4 {s} - {t}",
        "{s} (giao {t})", "{s} góc {t}", "{s}, góc {t}", "đường {s} giao nhau đường {t}",
        "đường {s} chỗ cắt {t}", "trên {s} gần ngã tư {t}", "đèn tín hiệu {s} {t}",
    ),
    landmarks=(
        "{l}", "gần {l}", "trước {l}", "đối diện {l}", "sau {l}", "bên cạnh {l}", "ngay cổng {l}",
        "khu vực {l}", "phía trước {l}", "lối vào {l}", "cổng chính {l}", "đoạn trước {l}",
    ),
    streets=(
        "đường {s}", "{s}", "dọc {s}", "suốt tuyến {s}", "toàn tuyến đường {s}", "trên {s}",
        "vỉa hè {s}", "mặt đường {s}", "khu vực đường {s}",
    ),
    areas=("{a}", "khu vực {a}", "tại {a}", "địa bàn {a}", "toàn {a}", "một số nơi ở {a}"),
    before=("tại ", "ở ", "ngay ", "khu vực ", "gần ", "tại khu vực ", "trước ", ""),
    sentences={
        "giao_thong": (
            "Kính đề nghị sửa chữa mặt đường {x}", "Gờ giảm tốc {x} bị bong",
            "Lún hố thi công {x} gây nguy hiểm", "{x} biển báo giao thông bị gãy đổ",
            "Người dân phản ánh ổ gà {x}", "{x} đèn xanh đèn đỏ không hoạt động từ chiều qua",
        ),
        "thoat_nuoc": (
            "Hố ga {x} bốc mùi hôi thối", "{x} ngập nước kéo dài sau mỗi cơn mưa",
            "Nắp cống {x} bị vỡ, rất nguy hiểm cho trẻ em", "Cống thoát nước {x} bị tắc nghẽn",
        ),
        "cay_xanh": (
            "Cây cổ thụ {x} mục gốc", "Đề nghị cắt tỉa cây xanh {x}",
            "{x} cành cây che khuất đèn tín hiệu", "Cây đổ sau mưa lớn {x}",
        ),
        "dien_luc": (
            "Báo sự cố mất điện {x}", "Dây điện sà xuống thấp {x}", "Cột điện bị xe đụng {x}",
            "{x} tủ điện hở nắp rất nguy hiểm",
        ),
        "chieu_sang": (
            "Hệ thống chiếu sáng {x} không hoạt động", "{x} đèn đường hư hỏng gần một tháng nay",
            "Đề nghị lắp thêm đèn đường {x}",
        ),
        "moi_truong": (
            "Tập kết rác không đúng nơi quy định {x}", "{x} thường xuyên đốt rác gây ô nhiễm",
            "Cơ sở sản xuất {x} xả khói bụi", "Rác sinh hoạt tồn đọng {x} nhiều ngày",
        ),
        "cap_nuoc": (
            "Nước máy bị đục {x}", "{x} mất nước từ 22 giờ đêm qua", "Vỡ đường ống cấp nước {x}",
        ),
        "vien_thong": (
            "Cáp viễn thông võng thấp {x}", "{x} tủ cáp viễn thông bị mất nắp",
        ),
        "xe_buyt": (
            "Trạm dừng xe buýt {x} không có mái che", "Xe buýt số 19 không dừng đón khách {x}",
        ),
        "trat_tu": (
            "Buôn bán lấn chiếm lòng lề đường {x}", "{x} tụ tập gây mất trật tự ban đêm",
            "Đậu xe sai quy định {x}", "Thi công gây ồn sau 22 giờ {x}",
        ),
    },
    endings=(
        "", "", "", "", ". Trân trọng cảm ơn", ". Đề nghị kiểm tra, xử lý", ", kính mong quan tâm",
        ". Đã phản ánh 2 lần", " ạ!", ". LH 0933456789", "; đề nghị phản hồi",
    ),
    cities=("TP.HCM", "TPHCM", "Tp HCM", "TP. Hồ Chí Minh", "thành phố Hồ Chí Minh", "Sài Gòn",
            "HCM"),
    nothing=(
        "Xin hỏi thời gian giải quyết hồ sơ", "Tôi cần gặp nhân viên tư vấn", "Mất mạng internet",
        "Hẻm nhà em ngập quá", "Số 10 Trần Hưng Đạo, thành phố Hải Dương", "cám ơn nhiều ạ",
        "Đường Nguyễn Tất Thành, TP. Buôn Ma Thuột, Đắk Lắk bị sụt", "Cống trước nhà bị nghẹt",
        "Xe rác hôm nay không tới", "ngã tư gần trường học không có đèn", "Bao giờ có nước lại",
        "Quận Thanh Khê, Đà Nẵng mất điện", "40 Lạch Tray, Ngô Quyền, Hải Phòng",
        "Thị xã Tân Châu, An Giang: cầu hư", "Tôi muốn khiếu nại hóa đơn tiền nước",
        "đèn đường khu tôi ở không sáng", "cầu gần chợ bị nứt", "Gọi lại cho tôi qua số 0987654321",
        "Phường Lê Lợi, thành phố Quy Nhơn", "Cháy rồi, cứu với", "trụ điện trước nhà nghiêng", "?",
        "dạ cho em hỏi đăng ký tạm trú ở đâu", "Huyện Đức Hòa, Long An: đường hư",
        "Nước vào nhà rồi", "Đường 2 Tháng 4, Nha Trang cây đổ", "mưa gió mạnh cây ngã nhiều nơi",
    ),
    orders=(
        "{x}, {p}, {q}, {c}", "{x}, {p}, {q}", "{x} {p} {q}", "{x}, {p} - {q}", "{x} - {p} - {q}",
        "{x} ({p} - {q})", "{x}, {p}, {q} ({c})", "{x}; {p}; {q}", "{p} {q}, {x}", "{x}/{p}/{q}",
    ),
    southern=True,
)  # fmt: skip
