using System.Text;
using Vorel.Functions.Hosting.Envelopes;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{"instanceId":"\"delivery:1\""}""", "delivery:1")]
    [InlineData("""{"instanceId":"delivery:1"}""", "delivery:1")]
    [InlineData("""{"sys":{}}""", "")]
    [InlineData("null", "")]
    public async Task The_calling_orchestration_is_told_where_the_host_names_it(string metadata, string instanceId)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Data":{},"Metadata":{{metadata}}}"""));
        using var envelope = await Envelope.Read(body, CancellationToken.None);

        Assert.Equal(instanceId, envelope.InstanceId);
    }
}
