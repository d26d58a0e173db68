-- What the application asks, with the calls a second in a busy hour as weights, given to the advisors.

-- name: sign in
-- weight: 80
SELECT id, first_name, last_name FROM customers WHERE lower(email) = 'customer4242@mail.example';

-- name: a customer's orders
-- weight: 60
SELECT id, status, total, placed_at FROM orders WHERE customer_id = 311 ORDER BY placed_at DESC LIMIT 10;

-- name: an order with its items
-- weight: 60
SELECT o.id, o.status, i.line, p.name, i.quantity, i.price FROM orders AS o JOIN order_items AS i ON i.order_id = o.id JOIN products AS p ON p.id = i.product_id WHERE o.id = 123456 ORDER BY i.line;

-- name: orders to be packed
-- weight: 30
SELECT id, customer_id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 50;

-- name: products of a category by price
-- weight: 70
SELECT id, name, price FROM products WHERE category_id = 17 AND is_active AND price BETWEEN 20 AND 90 ORDER BY price LIMIT 24;

-- name: newest products of a category
-- weight: 40
SELECT id, name, price FROM products WHERE category_id = 31 AND is_active ORDER BY created_at DESC LIMIT 24;

-- name: products by attributes
-- weight: 30
SELECT id, name, price FROM products WHERE attributes @> '{"color": "orange", "size": "L", "brand": "Brand 77"}' AND is_active;

-- name: search in products
-- weight: 8
SELECT id, name FROM products WHERE to_tsvector('english', name || ' ' || description) @@ plainto_tsquery('english', 'waterproof tent') AND is_active ORDER BY rating DESC LIMIT 20;

-- name: names that sound like it
-- weight: 10
SELECT id, name FROM products WHERE name ILIKE '%kettle C88%' LIMIT 10;

-- name: best rated of a category
-- weight: 20
SELECT id, name, rating FROM products WHERE category_id = 7 AND stock > 0 ORDER BY rating DESC LIMIT 12;

-- name: sold out
-- weight: 4
SELECT id, sku, name FROM products WHERE stock = 0 AND is_active ORDER BY sku;

-- name: promotions in force
-- weight: 40
SELECT p.percent, p.category_id FROM promotions AS p WHERE p.during @> timestamptz '2025-05-05 10:00:00+00' AND p.category_id = 45;

-- name: reviews of a product
-- weight: 60
SELECT id, stars, body, created_at FROM reviews WHERE product_id = 240 AND is_approved ORDER BY created_at DESC LIMIT 10;

-- name: stars of a product
-- weight: 60
SELECT count(*), avg(stars) FROM reviews WHERE product_id = 241 AND is_approved;

-- name: reviews to be read
-- weight: 5
SELECT id, product_id, body FROM reviews WHERE NOT is_approved ORDER BY created_at DESC LIMIT 30;

-- name: who bought this also bought
-- weight: 10
SELECT other.product_id, count(*) FROM order_items AS this JOIN order_items AS other ON other.order_id = this.order_id AND other.product_id <> this.product_id
WHERE this.product_id = 5210 GROUP BY other.product_id ORDER BY 2 DESC LIMIT 6;

-- name: orders of a day
-- weight: 3
SELECT status, count(*), sum(total) FROM orders WHERE (placed_at AT TIME ZONE 'UTC')::date = '2025-06-11' GROUP BY status;

-- name: revenue of a week by product
-- weight: 1
SELECT i.product_id, sum(i.quantity * i.price) AS revenue FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
WHERE o.placed_at >= '2025-03-03' AND o.placed_at < '2025-03-10' AND o.status <> 'cancelled' GROUP BY i.product_id ORDER BY revenue DESC LIMIT 20;

-- name: orders to a zip code
-- weight: 6
SELECT id, placed_at FROM orders WHERE shipping ->> 'zip' = '12345' ORDER BY placed_at DESC LIMIT 20;

-- name: customers by last name
-- weight: 10
SELECT id, last_name, first_name FROM customers WHERE last_name LIKE 'Maier10%' ORDER BY last_name, first_name LIMIT 20;

-- name: a cart
-- weight: 80
SELECT id, items FROM carts WHERE token = '8ac462c3-beb1-a7bb-8650-6bb0218c55af' AND state = 'open';

-- name: abandoned carts
-- weight: 2
SELECT id, customer_id, items FROM carts WHERE state = 'open' AND customer_id IS NOT NULL AND updated_at < '2026-01-05' ORDER BY updated_at LIMIT 100;

-- name: uses of a coupon
-- weight: 8
SELECT count(*), sum(total) FROM orders WHERE coupon = 'CODE123';

-- name: orders by month
-- weight: 0.02
SELECT date_trunc('month', placed_at), status, count(*), sum(total) FROM orders GROUP BY 1, 2 ORDER BY 1, 2;

-- name: place an order
-- weight: 30
INSERT INTO orders (customer_id, status, total, shipping, placed_at) VALUES (311, 'pending', 99.90, '{"zip": "12345", "city": "City 5", "carrier": "post"}', '2026-07-01 10:00:00+00');

-- name: add its items
-- weight: 30
INSERT INTO order_items (order_id, line, product_id, quantity, price) VALUES (123456, 9, 240, 1, 49.90);

-- name: move an order on
-- weight: 60
UPDATE orders SET status = 'packed' WHERE id = 249001;

-- name: take from stock
-- weight: 60
UPDATE products SET stock = stock - 1 WHERE id = 240;

-- name: change a cart
-- weight: 80
UPDATE carts SET items = items || '[{"product": 7, "quantity": 2}]', updated_at = '2026-07-01 10:00:00+00' WHERE id = 149000;

-- name: write a review
-- weight: 5
INSERT INTO reviews (product_id, customer_id, stars, body, is_approved, created_at) VALUES (240, 311, 4, 'As expected', false, '2026-07-01 10:00:00+00');
