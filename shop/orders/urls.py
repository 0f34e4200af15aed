"""Addresses of the room: pages, console, API."""

from django.urls import URLPattern, path, re_path

from shop.orders import api, console_views, staff_api, views

app_name = "orders"

urlpatterns: list[URLPattern] = [
    path("cart/", views.cart, name="cart"),
    path("cart/add/", views.cart_add, name="cart_add"),
    path("cart/update/", views.cart_update, name="cart_update"),
    path("checkout/", views.checkout, name="checkout"),
    path("orders/", views.order_list, name="order_list"),
    path("orders/<str:number>/", views.order, name="order"),
    path("orders/<str:number>/pay/", views.pay, name="pay"),
    path("console/orders.csv", console_views.console_csv, name="console_csv"),
    path("console/orders/", console_views.console_list, name="console_list"),
    path("console/orders/<str:number>/", console_views.console_order, name="console_order"),
    path(
        "console/orders/<str:number>/refund/", console_views.console_refund, name="console_refund"
    ),
    re_path(
        r"^console/orders/(?P<number>[^/]+)/(?P<act>send|complete|parcel|unpack|cancel)/$",
        console_views.console_act,
        name="console_act",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("cart/", api.CartView.as_view(), name="api-cart"),
    path("cart/lines/", api.CartLinesView.as_view(), name="api-cart-lines"),
    path("cart/lines/<int:variant_id>/", api.CartLineView.as_view(), name="api-cart-line"),
    path("staff/orders/", staff_api.StaffOrdersView.as_view(), name="api-staff-orders"),
    path("staff/orders/<str:number>/", staff_api.StaffOrderView.as_view(), name="api-staff-order"),
    path(
        "staff/orders/<str:number>/pack/",
        staff_api.StaffOrderPackView.as_view(),
        name="api-staff-order-pack",
    ),
    path(
        "staff/orders/<str:number>/unpack/",
        staff_api.StaffOrderUnpackView.as_view(),
        name="api-staff-order-unpack",
    ),
    path(
        "staff/orders/<str:number>/send/",
        staff_api.StaffOrderSendView.as_view(),
        name="api-staff-order-send",
    ),
    path(
        "staff/orders/<str:number>/parcel/",
        staff_api.StaffOrderParcelView.as_view(),
        name="api-staff-order-parcel",
    ),
    path(
        "staff/orders/<str:number>/complete/",
        staff_api.StaffOrderCompleteView.as_view(),
        name="api-staff-order-complete",
    ),
    path(
        "staff/orders/<str:number>/cancel/",
        staff_api.StaffOrderCancelView.as_view(),
        name="api-staff-order-cancel",
    ),
    path(
        "staff/orders/<str:number>/refund/",
        staff_api.StaffOrderRefundView.as_view(),
        name="api-staff-order-refund",
    ),
    path("orders/", api.OrdersView.as_view(), name="api-orders"),
    path("orders/<str:number>/", api.OrderView.as_view(), name="api-order"),
    path("orders/<str:number>/payment/", api.OrderPaymentView.as_view(), name="api-order-payment"),
    path(
        "orders/<str:number>/payment/refresh/",
        api.OrderPaymentRefreshView.as_view(),
        name="api-order-payment-refresh",
    ),
]
