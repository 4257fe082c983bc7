using System.Buffers;
using System.Text.Json;

namespace Vorel.Functions.Api;

/// <summary>
/// Sends JSON that was rendered whole before its first byte goes out, so that a fault in rendering is answered as the
/// problem it is and never behind half an answer.
/// </summary>
internal static class JsonAnswer
{
    /// <summary>Renders the body, then answers with it.</summary>
    public static async Task Write(HttpContext context, int status, string contentType, Action<Utf8JsonWriter> render)
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(body))
        {
            render(json);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
