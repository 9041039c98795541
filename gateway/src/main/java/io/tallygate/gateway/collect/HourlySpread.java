package io.tallygate.gateway.collect;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A quantity spread over whole hours, without losing a digit: in units of 10<sup>-15</sup>, truncated toward zero, the
 * remaining units one each to the first hours, the sign kept.
 */
public final class HourlySpread {
    /** Digits after the point of one unit. */
    public static final int SCALE = 15;

    private final BigDecimal quantity;
    private final int hours;
    private final BigInteger share;
    private final int remainder;

    private HourlySpread(BigDecimal quantity, int hours, BigInteger share, int remainder) {
        this.quantity = quantity;
        this.hours = hours;
        this.share = share;
        this.remainder = remainder;
    }

    /**
     * Spreads a quantity over hours.
     *
     * @param quantity a {@link Quantity}: at most 15 digits after the point
     * @param hours at least 1
     */
    public static HourlySpread of(BigDecimal quantity, int hours) {
        if (hours < 1) {
            throw new IllegalArgumentException("hours is " + hours + ", expected at least 1");
        }
        BigInteger[] parts = quantity.setScale(SCALE).unscaledValue().divideAndRemainder(BigInteger.valueOf(hours));
        return new HourlySpread(quantity, hours, parts[0], parts[1].intValueExact());
    }

    /** How many hours there are. */
    public int hours() {
        return hours;
    }

    /** The quantity of one hour; the first is 0. All of them add up to what was spread. */
    public BigDecimal hour(int index) {
        if (hours == 1) {
            return quantity;
        }
        boolean one = index < Math.abs(remainder);
        BigInteger units = one ? share.add(BigInteger.valueOf(Integer.signum(remainder))) : share;
        return new BigDecimal(units, SCALE);
    }
}
