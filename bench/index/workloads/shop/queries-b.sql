-- The same statements with other values, which no advisor sees: an index that fits one value only does not win here.

-- name: sign in
-- weight: 80
SELECT id, first_name, last_name FROM customers WHERE lower(email) = 'customer71001@mail.example';

-- name: a customer's orders
-- weight: 60
SELECT id, status, total, placed_at FROM orders WHERE customer_id = 9050 ORDER BY placed_at DESC LIMIT 10;

-- name: an order with its items
-- weight: 60
SELECT o.id, o.status, i.line, p.name, i.quantity, i.price FROM orders AS o JOIN order_items AS i ON i.order_id = o.id JOIN products AS p ON p.id = i.product_id WHERE o.id = 4711 ORDER BY i.line;

-- name: orders to be packed
-- weight: 30
SELECT id, customer_id, placed_at FROM orders WHERE status = 'packed' ORDER BY placed_at LIMIT 50;

-- name: products of a category by price
-- weight: 70
SELECT id, name, price FROM products WHERE category_id = 96 AND is_active AND price BETWEEN 10 AND 150 ORDER BY price LIMIT 24;

-- name: newest products of a category
-- weight: 40
SELECT id, name, price FROM products WHERE category_id = 4 AND is_active ORDER BY created_at DESC LIMIT 24;

-- name: products by attributes
-- weight: 30
SELECT id, name, price FROM products WHERE attributes @> '{"color": "green", "size": "L", "brand": "Brand 120"}' AND is_active;

-- name: search in products
-- weight: 8
SELECT id, name FROM products WHERE to_tsvector('english', name || ' ' || description) @@ plainto_tsquery('english', 'foldable camera') AND is_active ORDER BY rating DESC LIMIT 20;

-- name: names that sound like it
-- weight: 10
SELECT id, name FROM products WHERE name ILIKE '%pack F26%' LIMIT 10;

-- name: best rated of a category
-- weight: 20
SELECT id, name, rating FROM products WHERE category_id = 52 AND stock > 0 ORDER BY rating DESC LIMIT 12;

-- name: sold out
-- weight: 4
SELECT id, sku, name FROM products WHERE stock = 0 AND is_active ORDER BY sku;

-- name: promotions in force
-- weight: 40
SELECT p.percent, p.category_id FROM promotions AS p WHERE p.during @> timestamptz '2025-11-20 17:00:00+00' AND p.category_id = 201;

-- name: reviews of a product
-- weight: 60
SELECT id, stars, body, created_at FROM reviews WHERE product_id = 1830 AND is_approved ORDER BY created_at DESC LIMIT 10;

-- name: stars of a product
-- weight: 60
SELECT count(*), avg(stars) FROM reviews WHERE product_id = 1831 AND is_approved;

-- name: reviews to be read
-- weight: 5
SELECT id, product_id, body FROM reviews WHERE NOT is_approved ORDER BY created_at DESC LIMIT 30;

-- name: who bought this also bought
-- weight: 10
SELECT other.product_id, count(*) FROM order_items AS this JOIN order_items AS other ON other.order_id = this.order_id AND other.product_id <> this.product_id
WHERE this.product_id = 9377 GROUP BY other.product_id ORDER BY 2 DESC LIMIT 6;

-- name: orders of a day
-- weight: 3
SELECT status, count(*), sum(total) FROM orders WHERE (placed_at AT TIME ZONE 'UTC')::date = '2026-02-03' GROUP BY status;

-- name: revenue of a week by product
-- weight: 1
SELECT i.product_id, sum(i.quantity * i.price) AS revenue FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
WHERE o.placed_at >= '2025-09-08' AND o.placed_at < '2025-09-15' AND o.status <> 'cancelled' GROUP BY i.product_id ORDER BY revenue DESC LIMIT 20;

-- name: orders to a zip code
-- weight: 6
SELECT id, placed_at FROM orders WHERE shipping ->> 'zip' = '15151' ORDER BY placed_at DESC LIMIT 20;

-- name: customers by last name
-- weight: 10
SELECT id, last_name, first_name FROM customers WHERE last_name LIKE 'Berner26%' ORDER BY last_name, first_name LIMIT 20;

-- name: a cart
-- weight: 80
SELECT id, items FROM carts WHERE token = '1e78e732-3c18-caa9-7a19-3cb00302ed8b' AND state = 'open';

-- name: abandoned carts
-- weight: 2
SELECT id, customer_id, items FROM carts WHERE state = 'open' AND customer_id IS NOT NULL AND updated_at < '2025-12-28' ORDER BY updated_at LIMIT 100;

-- name: uses of a coupon
-- weight: 8
SELECT count(*), sum(total) FROM orders WHERE coupon = 'CODE207';

-- name: orders by month
-- weight: 0.02
SELECT date_trunc('month', placed_at), status, count(*), sum(total) FROM orders GROUP BY 1, 2 ORDER BY 1, 2;

-- name: place an order
-- weight: 30
INSERT INTO orders (customer_id, status, total, shipping, placed_at) VALUES (9050, 'pending', 99.90, '{"zip": "12345", "city": "City 5", "carrier": "post"}', '2026-07-01 10:00:00+00');

-- name: add its items
-- weight: 30
INSERT INTO order_items (order_id, line, product_id, quantity, price) VALUES (4711, 9, 240, 1, 49.90);

-- name: move an order on
-- weight: 60
UPDATE orders SET status = 'shipped' WHERE id = 248800;

-- name: take from stock
-- weight: 60
UPDATE products SET stock = stock - 1 WHERE id = 1830;

-- name: change a cart
-- weight: 80
UPDATE carts SET items = items || '[{"product": 7, "quantity": 2}]', updated_at = '2026-07-01 10:00:00+00' WHERE id = 148000;

-- name: write a review
-- weight: 5
INSERT INTO reviews (product_id, customer_id, stars, body, is_approved, created_at) VALUES (1830, 311, 4, 'As expected', false, '2026-07-01 10:00:00+00');
