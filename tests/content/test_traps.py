"""Messages on which a word list errs, each trap by its name."""

import pytest

from bot.policy.content import read_text

INNOCENT = {
    "free in a clinic reminder": "Your free check-up with Dr. Osei is on Tuesday at 9:40.",
    "free in a fraud warning": "Beware of texts that give away a free tablet in our name.",
    "upgrade of an ID card": "Please upgrade to the new ID card at the town hall before 1 March.",
    "offer of a job": "We are delighted to offer you the position of lab technician.",
    "discount on a receipt": "Receipt: lamp $40, discount -$8, total $32. Paid by card.",
    "sale of a house": "The sale of your house has been registered and your account is settled.",
    "a cancelled sale": "The garden sale has been cancelled because of the storm.",
    "a past event": "Thank you for coming to last night's concert.",
    "rate as an interest rate": "The interest rate on your savings account falls to 2.4%.",
    "thanks for a review": "Thank you for your review, we passed it on to the team.",
    "an application under review": "Your application is under review.",
    "a webinar signed up for": "The webinar you registered for begins in 30 minutes.",
}
PROMOTIONS = {
    "apology with a voucher": "Sorry your table was not ready. Please accept a $10 voucher.",
    "abandoned cart": "Two mugs are still waiting in your cart.",
    "back in stock": "The walnut desk is back in stock.",
    "renewal offer": "Your membership ends on Friday. Renew now and keep your locker.",
    "birthday wishes": "Happy birthday, Ines! All the best from your bakery.",
    "webinar not signed up for": "Join our free webinar on tax returns. Save your seat today.",
    "new arrivals": "Our new arrivals are in, come and see.",
    "recommendation": "You might also like these hiking socks.",
    "unfinished application": "Log in to pick up where you left off with your application.",
    "app promotion": "Download our app and order without queueing.",
    "donation appeal": "Donate today: every gift feeds a rescued dog.",
    "recruiting outreach": "I came across your profile and think you'd be great in our kitchen.",
    "saved search": "A flat that matches your saved search was listed this morning.",
    "free trial": "Try our language course with a 14 day free trial.",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_a_word_of_advertising_alone_does_not_make_a_promotion(text: str) -> None:
    reading = read_text(text)

    assert reading.promotional is None
    assert reading.survey is None


@pytest.mark.parametrize("text", PROMOTIONS.values(), ids=PROMOTIONS)
def test_a_promotion_without_a_price_is_still_one(text: str) -> None:
    assert read_text(text).promotional is not None


def test_of_a_correct_order_update_only_the_promotion_at_its_end_is_shown() -> None:
    reading = read_text(
        "Your order 4410 has shipped and arrives on Monday. Enjoy 15% off your next order!"
    )

    assert reading.promotional is not None
    assert reading.promotional.passage == "Enjoy 15% off your next order"
    assert reading.tag == "POST_PURCHASE_UPDATE"


def test_a_bill_that_comes_again_is_no_account_update() -> None:
    reading = read_text("Your account balance is low. Log in to your account to see your profile.")

    assert reading.recurring is not None
    assert reading.tag is None


def test_a_phrase_with_a_gap_ends_with_its_sentence() -> None:
    assert (
        read_text("You will get there by bus. Discount rules hang in the hall.").promotional is None
    )
    assert read_text("You will get there a discount").promotional is not None


def test_a_survey_after_an_order_asks_for_feedback() -> None:
    reading = read_text("Your order was delivered. How was your experience with our courier?")

    assert reading.survey is not None
    assert reading.tag == "CUSTOMER_FEEDBACK"


@pytest.mark.parametrize("text", ["{{1}}", "", "👍", "12345", "#A-17", "   ", "…"], ids=repr)
def test_a_text_without_words_is_in_no_language_but_not_a_foreign_one(text: str) -> None:
    reading = read_text(text)

    assert reading.language is None
    assert not reading.language_unsupported


@pytest.mark.parametrize(
    "text",
    [
        "Uw bestelling is onderweg en wordt morgen bezorgd, bedankt.",
        "Twoje zamówienie zostało wysłane i dotrze jutro.",
        "Siparişiniz kargoya verildi ve yarın teslim edilecek.",
        "Din beställning är på väg och kommer i morgon.",
        "Comanda ta a fost expediată și ajunge mâine.",
        "Ваш заказ отправлен и прибудет завтра.",
        "Η παραγγελία σας στάλθηκε και φτάνει αύριο.",
        "ご注文の商品を発送しました。",
        "您的订单已发货，预计明天送达。",
        "주문하신 상품이 발송되었습니다.",
        "تم شحن طلبك وسيصل غدا.",
        "आपका ऑर्डर भेज दिया गया है।",
    ],
)
def test_a_text_in_another_language_says_so(text: str) -> None:
    reading = read_text(text)

    assert reading.language is None
    assert reading.language_unsupported
