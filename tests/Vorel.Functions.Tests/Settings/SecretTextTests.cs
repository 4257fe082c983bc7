using Vorel.Functions.Settings;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Settings;

public sealed class SecretTextTests
{
    [Fact]
    public void No_record_prints_the_secret_it_holds()
    {
        Assert.NotEmpty(SecretText.Holders(typeof(HandlerSettings).Assembly));
        Assert.Empty(SecretText.Printed(typeof(HandlerSettings).Assembly));
    }
}
