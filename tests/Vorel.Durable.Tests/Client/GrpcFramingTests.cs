using Vorel.Durable.Protocol;

namespace Vorel.Durable.Tests.Client;

public sealed class GrpcFramingTests
{
    [Fact]
    public async Task A_frame_is_a_zero_a_big_endian_length_and_the_message()
    {
        var message = new TerminateRequest { InstanceId = new string('x', 300) };

        var frame = GrpcFraming.Frame(message);

        Assert.Equal([0, 0, 0, 1, 47], frame[..5]);
        Assert.Equal(message, await Read(frame));
        Assert.Equal(new byte[5], GrpcFraming.Frame(new TerminateResponse()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0000000003")]
    [InlineData("00000000030A01")]
    [InlineData("01000000030A0161")]
    [InlineData("00FFFFFFFF0A0161")]
    [InlineData("00000000030A016100")]
    [InlineData("00000000020AFF")]
    public async Task Anything_but_one_whole_frame_is_refused(string hex) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_status_message_survives_its_trailer() =>
        Assert.Equal("100% läuft\r\n", GrpcFraming.DecodeMessage(GrpcFraming.EncodeMessage("100% läuft\r\n")));

    private static Task<TerminateRequest> Read(byte[] body) =>
        GrpcFraming.ReadAsync(new MemoryStream(body), TerminateRequest.Parser, CancellationToken.None);
}
