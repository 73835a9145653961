//! The Gregorian calendar, as PostgreSQL counts it: also before it was made, and with a year 0, which is 1 BC.

/// From 1970-01-01 to 2000-01-01.
const DAYS_TO_2000: i64 = 10_957;
/// Of 400 years.
const DAYS_OF_ERA: i64 = 146_097;

/// The microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;
/// From 1970-01-01 to 2000-01-01 in microseconds.
pub(super) const EPOCH: i64 = DAYS_TO_2000 * DAY;

/// The year, month and day that many days after 2000-01-01. Years count from March, so that a leap day is the last of one.
pub(super) const fn civil(days: i64) -> (i64, u8, u8) {
    let days = days + DAYS_TO_2000 + 719_468;
    let era = days.div_euclid(DAYS_OF_ERA);
    let day_of_era = days.rem_euclid(DAYS_OF_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year_of_era + era * 400 + later, month as u8, day as u8)
}

/// How many days after 2000-01-01 a date is: what [`civil`] is given.
pub(super) const fn days(year: i64, month: u8, day: u8) -> i64 {
    let (month, earlier) = if month > 2 { (month as i64 - 3, 0) } else { (month as i64 + 9, 1) };
    let year = year - earlier;
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * DAYS_OF_ERA + day_of_era - 719_468 - DAYS_TO_2000
}

/// A date as the server prints it, and what is after the year 1 BC.
pub(super) fn date_text(days: i64) -> (String, &'static str) {
    let (year, month, day) = civil(days);
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}

/// A time of the day as the server prints it.
pub(super) fn clock_text(microseconds: i64) -> String {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let text = format!("{hour:02}:{minute:02}:{second:02}");
    if fraction == 0 {
        return text;
    }
    format!("{text}.{}", format!("{fraction:06}").trim_end_matches('0'))
}
