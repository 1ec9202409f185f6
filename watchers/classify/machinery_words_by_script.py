"""The words of walls in languages of other scripts, and of those in which fewer publishers write.

Added to those of ``machinery_words``, and weighed alike. Languages that set no spaces have patterns of their own.
"""

from __future__ import annotations

from typing import Final

THINGS: Final = (
    r"сайт\w*", r"веб-?сайт", r"страниц", r"браузер", r"сервер", r"файлы cookie", r"администратор",
    r"вход(?:а|ите)? в систему", r"войдите", r"пароль", r"технически(?:е|х) работ", r"технічн(?:і|их) робот",
    r"сторінк", r"переглядач", r"увійдіть", r"адміністратор", r"ιστ[οό](?:τ[οό]π|σελ[ίι]δ)", r"σελ[ίι]δα",
    r"διακομιστ", r"περιηγητ", r"συνδεθε[ίι]τε", r"κωδικ", r"sivu(?:sto|n|a|lla)?\b", r"palvelin",
    r"selain", r"kirjaudu", r"salasana", r"palvelu\w* ei ole", r"huoltot", r"huoltokatko",
    r"site(?:si|miz|ye)\b",
    r"sayfa", r"tarayıcı", r"sunucu", r"oturum aç", r"şifre",
    r"parola", r"الموقع", r"الصفحة", r"المتصفح", r"الخادم",
    r"تسجيل الدخول", r"كلمة المرور", r"ملفات تعريف الارتباط", r"trang web", r"trình duyệt", r"máy chủ",
    r"đăng nhập", r"mật khẩu", r"hệ thống (?:đang |tạm )?bảo trì", r"sit (?:la|sa|wèb)", r"paj (?:sa|la|wèb)",
    r"navigatè", r"sèvè",
    r"konekte", r"modpas", r"वेबसाइट", r"पृष्ठ", r"ब्राउज़र", r"सर्वर", r"लॉग ?इन", r"weboldal", r"böngésző",
    r"kiszolgáló", r"bejelentkez", r"jelszó", r"pagin[ăa]\b", r"autentific", r"nettside", r"nettleser",
    r"servere?n", r"logg inn", r"log ind", r"driftsforstyrr", r"сайтът", r"уеб ?сайт", r"страницата",
    r"(?:la url|l['’]url|url) (?:solicitada|demandée|richiesta|solicitado)", r"en cours de maintenance",
    r"too many requests(?! for)", r"api\b", r"this app\b",
    r"(?:not authori[sz]ed|unauthori[sz]ed) to (?:read|view|access|see)",
)  # fmt: skip
TOUCHES: Final = (
    r"подожд", r"секунд", r"доступ", r"недоступ", r"ошибк", r"временно", r"попробуйте", r"пожалуйста",
    r"приносим извинения", r"повторите", r"включите", r"проверк", r"вибач", r"спробуйте", r"пізніше",
    r"помилк",
    r"тимчасово", r"зачекайте", r"перевірк", r"незручност", r"συντ[ήη]ρηση", r"παρακαλ", r"αργ[όο]τερα",
    r"δοκιμ[άα]στε", r"υπομον", r"προσωριν", r"σφ[άα]λμα", r"yritä", r"myöhemmin", r"uudelleen", r"virhe",
    r"pahoittele", r"tilapäis", r"lütfen", r"daha sonra", r"tekrar deneyin", r"bakım", r"geçici", r"hata\b",
    r"نعتذر", r"يرجى", r"عذرا", r"لاحق", r"المحاولة", r"الصيانة", r"صيانة", r"متاح", r"خطأ", r"bảo trì",
    r"tạm thời", r"vui lòng", r"xin lỗi", r"quay lại", r"thử lại", r"lỗi\b", r"antretyen", r"tanpri",
    r"eseye",
    r"pita\b", r"nou regrèt", r"erè\b", r"कृपया", r"बाद में", r"रखरखाव", r"त्रुटि", r"karbantart", r"kérjük",
    r"később", r"hiba\b", r"mentenan", r"reveni", r"rugăm", r"eroare", r"vedlikehold", r"prøv igjen",
    r"vedligehold", r"prøv igen", r"senere", r"údržb", r"zkuste", r"později", r"omlouváme",
    r"acceso\b", r"acesso\b", r"accès\b", r"accesso\b", r"restab", r"rétabl", r"ripristin", r"wiederher",
    r"novamente",
    r"minuto?s?\b", r"wake\b", r"back up\b", r"inaccessib", r"valid\b",
)  # fmt: skip
ADDRESSES: Final = (
    r"пожалуйста", r"подождите", r"попробуйте", r"повторите", r"включите", r"извин", r"спасибо", r"вибач",
    r"спробуйте", r"зачекайте", r"будь ласка", r"дякуємо", r"παρακαλ", r"ευχαριστ", r"δοκιμ[άα]στε", r"yritä",
    r"kiitos", r"pahoittele", r"lütfen", r"teşekkür", r"özür", r"يرجى", r"نعتذر", r"عذرا", r"شكرا",
    r"vui lòng",
    r"xin lỗi", r"cảm ơn", r"tanpri", r"mèsi", r"nou regrèt", r"कृपया", r"धन्यवाद", r"kérjük", r"köszönjük",
    r"rugăm", r"mulțumim", r"prøv\b", r"takk\b", r"tak\b", r"beklager", r"prosím", r"omlouváme", r"děkujeme",
    r"tente\b", r"vuelva", r"estamos trabal", r"estamos trabaj", r"stiamo lavorando", r"riprov",
    r"identifiez", r"wir arbeiten",
)  # fmt: skip
HINDERS: Final = (
    r"подожд", r"недоступ", r"ошибк", r"попробуйте", r"проверк", r"работ(?:ы|и)\b", r"запрещ", r"заблокир",
    r"спробуйте", r"помилк", r"недоступ", r"зачекайте", r"заборон", r"συντ[ήη]ρηση", r"δοκιμ[άα]στε",
    r"σφ[άα]λμα",
    r"ei ole käytett", r"yritä", r"huolto", r"virhe", r"lütfen", r"bakım", r"hata\b", r"gerek", r"engellen",
    r"صيانة", r"الصيانة", r"غير متاح", r"يرجى", r"خطأ", r"محظور", r"bảo trì", r"vui lòng", r"lỗi\b",
    r"bị chặn",
    r"antretyen", r"eseye", r"erè\b", r"रखरखाव", r"कृपया", r"त्रुटि", r"karbantart", r"kérjük", r"hiba\b",
    r"mentenan", r"eroare", r"vedlikehold", r"vedligehold", r"prøv", r"údržb", r"nedostupn", r"zkuste",
    r"rejet[ée]e?s?\b", r"rechazada", r"abgelehnt", r"respinta",
    r"restring", r"caduc", r"expirad", r"expirée?s?\b", r"scadut", r"abgelaufen", r"inaccessib",
    r"inac[ec]+s[ií]v", r"disconnect",
    r"no (?:est[áa]|es|son|se) (?:\w+ )?permit", r"nicht (?:berechtigt|erlaubt|gestattet)",
    r"keine (?:berechtigung|rechte)",
    r"(?:n['’]êtes pas|non) autoris", r"n['’]avez pas", r"non si dispone",
    r"non (?:ha|hai) (?:i permessi|l['’]autorizzazione)",
    r"não (?:tem|está|é) (?:\w+ )?(?:permiss|permit|autoriz)",
    r"no (?:tiene|dispone de) (?:permiso|autorizaci)", r"vuelva a\b", r"tente\b",
    r"gone to sleep", r"valid\b",
)  # fmt: skip
"""Verbs that alone say what stands in the way, such as "rejected", are among them."""

ENDS: Final = (
    r"закры[тв]", r"больше не", r"удал[её]н", r"снят[аоы]? с", r"прекращ", r"закрит", r"видален",
    r"більше не",
    r"припинен", r"κλείσ", r"έκλεισ", r"πλέον", r"αποσ[ύυ]ρ", r"suljet", r"ei enää", r"poistet", r"lakkaut",
    r"kapatıl", r"kaldırıl", r"artık", r"son veril", r"أغلق", r"لم يعد", r"لم تعد", r"حذف", r"đóng cửa",
    r"không còn", r"gỡ bỏ", r"chấm dứt", r"fèmen", r"pa .{1,20} ankò", r"megszűn", r"eltávolít", r"închis",
    r"eliminat", r"retras", r"nedlagt", r"fjernet", r"ikke lenger", r"ikke længere", r"zrušen", r"ukončen",
)  # fmt: skip

THINGS_UNSPACED: Final = (
    r"网站|网页|页面|浏览器|服务器|登录|登入|密码|密碼|網站|網頁|頁面|瀏覽器|伺服器|登錄|您的?访问|您的请求|验证码|系统维护|系統維護"
    r"|サイト|ページ|ブラウザ|サーバ|ログイン|パスワード|メンテナンス|サービスを(?:一時)?(?:停止|休止)"
    r"|사이트|페이지|브라우저|서버|로그인|비밀번호|시스템 점검|서비스 이용"
)
TOUCHES_UNSPACED: Final = (
    r"维护|維護|稍后再试|稍後再試|稍候|抱歉|错误|錯誤|お待ちください|ご迷惑|エラー|다시 시도|잠시 후|오류가 발생"
)
ADDRESSES_UNSPACED: Final = r"请稍|請稍|抱歉|お待ちください|ご迷惑を|申し訳|다시 시도해|잠시 후"
HINDERS_UNSPACED: Final = (
    r"维护|維護|阻断|拒绝访问|无法(?:访问|显示|打开)|無法(?:訪問|顯示|開啟)|错误|錯誤|稍后再试|稍後再試|稍候"
    r"|お待ちください|サービスを(?:一時)?(?:停止|休止)|エラー|表示できません|メンテナンス|점검|오류|죄송|차단"
)
ENDS_UNSPACED: Final = (
    r"关闭|關閉|不再|撤回|删除|刪除|终止|終止|停止(?:发布|更新)|終了|廃止|閉鎖|削除|取り下げ|폐쇄|종료|삭제|폐지"
)
