"""Tables about trade and machines: customers, campaigns, turbines, fields."""

import math

from drawing import chance, clamp, day, overdispersed, poisson, rating, with_gaps, yes_no


def ad_campaigns(rng):
    """Clicks and conversions of advertisements by channel, week by week."""
    rows, rate = [], {"email": 0.031, "search": 0.042, "social": 0.019, "display": 0.008}
    for number in range(156):
        channel = rng.choice(list(rate))
        week, video = number // 3, rng.random() < 0.4
        spend = rng.lognormvariate(6.6 + 0.006 * week, 0.5)
        shown = round(spend * rng.uniform(14, 40))
        clicks = round(shown * rate[channel] * rng.lognormvariate(0.15 * video, 0.3))
        rows.append(
            {
                "campaignId": f"C{number + 501}",
                "weekStart": day("2024-01-01", 7 * week),
                "channel": channel,
                "market": rng.choice(["DE", "FR", "UK"]),
                "videoAd": yes_no(video),
                "impressions": shown,
                "clicks": clicks,
                "conversions": overdispersed(rng, 0.5 + 0.04 * clicks, 3),
                "spendEur": round(spend, 2),
            }
        )
    return with_gaps(rng, rows, {"impressions": 0.04})


def customer_churn(rng):
    """Customers of a subscription, and who left."""
    rows, fee = [], {"basic": 14.9, "plus": 24.9, "premium": 39.9}
    for number in range(240):
        gender, plan = rng.choice(["female", "male"]), rng.choice(list(fee))
        how = rng.choice(["phone", "shop", "web", "web"])
        months = 1 + int(rng.expovariate(1 / 22))
        complaints = overdispersed(rng, 0.9)
        leave = -1.3 + 0.45 * complaints - 0.02 * months + 0.7 * (how == "phone")
        income = rng.lognormvariate(3.55 + 0.12 * (gender == "male"), 0.4)
        rows.append(
            {
                "cust_id": 880100 + 7 * number,
                "gender": gender,
                "age": round(clamp(rng.gauss(46, 15), 18, 88)),
                "income_keur": round(income, 1),
                "plan": plan,
                "signup_channel": how,
                "tenure_mths": months,
                "monthly_fee": round(fee[plan] + rng.gauss(0, 2.5), 2),
                "n_complaints": complaints,
                "churned": yes_no(chance(rng, leave)),
            }
        )
    return with_gaps(rng, rows, {"income_keur": 0.09})


def turbine_readings(rng):
    """Daily readings of two wind turbines."""
    rows = []
    for offset in range(110):
        weather = rng.weibullvariate(8, 2.1)
        for name in ("A07", "B12"):
            wind = clamp(weather + rng.gauss(0, 0.6), 0.3, 24)
            status = rng.choices(["run", "derated", "stop"], [82, 12, 6])[0]
            share = {"run": 1, "derated": 0.7, "stop": 0}[status]
            power = share * 2000 / (1 + math.exp(-0.75 * (wind - 8.5)))
            shake = rng.lognormvariate(0.5 + 0.3 * (status == "derated"), 0.35)
            rows.append(
                {
                    "reading_id": 30001 + len(rows),
                    "day": day("2024-09-01", offset),
                    "turbine": name,
                    "status": status,
                    "wind_ms": round(wind, 1),
                    "power_kW": round(
                        max(0, power * (0.95 if name == "B12" else 1) + share * rng.gauss(0, 45)), 1
                    ),
                    "gearbox_temp_C": round(51 + 0.05 * offset + rng.gauss(0.006 * power, 2.5), 1),
                    "vibration_mm_s": round(shake, 2),
                    "n_alarms": overdispersed(rng, 0.25 + 0.35 * shake),
                }
            )
    return with_gaps(rng, rows, {"gearbox_temp_C": 0.07, "vibration_mm_s": 0.03})


def support_tickets(rng):
    """Tickets of a help desk with very uneven hours."""
    rows, slow = [], {"urgent": 1.6, "high": 2.3, "medium": 3.1, "low": 3.6}
    for number in range(220):
        priority = rng.choices(list(slow), [10, 25, 40, 25])[0]
        team = rng.choice(["billing", "network", "hardware"])
        hours = rng.lognormvariate(slow[priority] + 0.3 * (team == "hardware"), 0.7)
        replies = 1 + overdispersed(rng, 1.4 + 0.02 * hours)
        again = chance(rng, -2.3 + 0.25 * replies)
        rows.append(
            {
                "TicketID": f"TK{70213 + number}",
                "opened": day("2025-01-07", number // 2),
                "priority": priority,
                "team": team,
                "contactChannel": rng.choice(["chat", "mail", "phone"]),
                "hours_to_close": round(hours, 1),
                "n_replies": replies,
                "reopened": int(again),
                "csat": rating(rng, 4.4 - 0.012 * hours - 0.8 * again, 1, 5),
            }
        )
    return with_gaps(rng, rows, {"csat": 0.25})


def field_trial(rng):
    """Yields of plots by variety, fertiliser and irrigation, in four blocks."""
    gain, rows = {"none": 0, "NPK": 1.3, "manure": 0.7}, []
    for block in range(1, 5):
        for variety, extra in (("Aroma", 0), ("Benno", 0.5), ("Cora", -0.3)):
            for fert in gain:
                for irrig in ("yes", "no"):
                    wet, acid = irrig == "yes", rng.gauss(6.4, 0.35)
                    crop = (
                        5.2
                        + extra
                        + gain[fert] * (1.3 if wet else 0.8)
                        + 0.6 * wet
                        + 0.4 * (acid - 6.4)
                        + rng.gauss(0, 0.55)
                    )
                    rows.append(
                        {
                            "plot": len(rows) + 1,
                            "block": f"B{block}",
                            "variety": variety,
                            "fert": fert,
                            "irrig": irrig,
                            "soil_pH": round(acid, 2),
                            "yield_t_ha": round(crop, 2),
                            "protein_pct": round(15.5 - 0.5 * crop + rng.gauss(0, 0.6), 1),
                            "weeds_m2": overdispersed(rng, 9 if wet else 6),
                        }
                    )
    return with_gaps(rng, rows, {"protein_pct": 0.05})


def ab_test(rng):
    """Visitors of two versions of a site."""
    rows = []
    for number in range(240):
        variant, device = rng.choice("AB"), rng.choice(["mobile", "desktop"])
        pages = 1 + overdispersed(rng, 3.4 if device == "desktop" else 2.2)
        sold = chance(rng, -2.6 + 0.5 * (variant == "B") + 0.25 * pages)
        rows.append(
            {
                "visitor_id": f"v{rng.randrange(16**6):06x}{number:03d}",
                "variant": variant,
                "device": device,
                "country": rng.choice(["AT", "CH", "DE", "DE"]),
                "returning": yes_no(rng.random() < 0.4),
                "pages_viewed": pages,
                "session_sec": round(pages * rng.lognormvariate(3.4, 0.6)),
                "converted": int(sold),
                "revenue_usd": round(rng.lognormvariate(3.7, 0.6), 2) if sold else 0,
            }
        )
    return rows


def energieverbrauch(rng):
    """Energy use of households, with German names and values."""
    rows, heating = [], {"Gas": 0, "Öl": 0.05, "Wärmepumpe": 0.45, "Fernwärme": -0.05}
    for number in range(150):
        size, heat = 1 + poisson(rng, 1.4) % 5, rng.choice(list(heating))
        area, solar = 38 + 21 * size + rng.gauss(0, 18), rng.random() < 0.25
        log_use = 7.2 + 0.19 * size + 0.003 * area + heating[heat] - 0.22 * solar
        rows.append(
            {
                "HaushaltNr": f"H{number + 1:04d}",
                "Ablesedatum": day("2024-12-01", rng.randrange(60)),
                "Region": rng.choice(["Stadt", "Land"]),
                "Haushaltsgröße": size,
                "Wohnfläche_m2": round(max(24, area)),
                "Baujahr": rng.randrange(1925, 2022),
                "Heizung": heat,
                "Solaranlage": "ja" if solar else "nein",
                "Verbrauch_kWh": round(rng.lognormvariate(log_use, 0.3)),
            }
        )
    return with_gaps(rng, rows, {"Wohnfläche_m2": 0.05})
