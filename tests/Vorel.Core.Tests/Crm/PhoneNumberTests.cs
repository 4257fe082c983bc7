using Vorel.Core.Crm;

namespace Vorel.Core.Tests.Crm;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+14155550100", "+14155550100")]
    [InlineData("+1 (415) 555-0100", "+14155550100")]
    [InlineData("00971 50 123 4567", "+971501234567")]
    [InlineData("+44\u00a020\u202f7946 0100", "+442079460100")]
    [InlineData("4155550100", null)]
    [InlineData("0501234567", null)]
    [InlineData("+0501234567", null)]
    [InlineData("+1234567", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("+1 415 555 0100 ext 2", null)]
    [InlineData("++14155550100", null)]
    [InlineData("+١٤١٥٥٥٥٠١٠٠", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Reads_a_number_that_says_its_country(string? text, string? expected) => Assert.Equal(expected, PhoneNumber.E164(text));

    [Theory]
    [InlineData("1 415 555 0100", true)]
    [InlineData("(415) 555-0100", false)]
    [InlineData("+1 415 555 0101", false)]
    [InlineData("+44 1415 5550100", false)]
    [InlineData(null, false)]
    public void Compares_digit_for_digit(string? stored, bool same) => Assert.Equal(same, PhoneNumber.IsSame(stored, "+14155550100"));
}
