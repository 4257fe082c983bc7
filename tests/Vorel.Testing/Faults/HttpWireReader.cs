using System.Globalization;
using System.Text;

namespace Vorel.Testing.Faults;

/// <summary>Cuts a connection into HTTP/1.1 messages without changing a byte: a length or chunks frame the body.</summary>
internal sealed class HttpWireReader(Stream connection)
{
    // Storage takes 4 MiB at most; whatever is larger is a mistake of the test.
    private const int MaxMessage = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    /// <summary>The next message, or null at the end of the connection.</summary>
    /// <param name="isAnswer">Whether a missing length means that nothing tells the end but the end of the connection.</param>
    /// <param name="hasNoContent">An answer to HEAD: its length describes a body that does not come.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="EndOfStreamException">The connection ended inside a message.</exception>
    public async Task<HttpWireMessage?> Read(bool isAnswer, bool hasNoContent, CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var isBetweenMessages = _filled == 0;
            if (!await Fill(cancellationToken))
            {
                return isBetweenMessages ? null : throw new EndOfStreamException("The connection ended inside a head.");
            }
        }

        var head = end + 4;
        var length = hasNoContent || IsEmpty(isAnswer, head) ? head
            : HttpWireMessage.IsChunked(_buffer.AsSpan(0, head)) ? await EndOfChunks(head, cancellationToken)
            : HttpWireMessage.ContentLength(_buffer.AsSpan(0, head)) is { } declared ? head + declared
            : isAnswer ? await EndOfConnection(cancellationToken)
            : head;
        await FillTo(length, cancellationToken);
        var message = new HttpWireMessage(_buffer.AsSpan(0, length).ToArray(), head);
        _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
        _filled -= length;
        return message;
    }

    private bool IsEmpty(bool isAnswer, int head) => isAnswer && HttpWireMessage.Status(_buffer.AsSpan(0, head)) is < 200 or 204 or 304;

    private async Task<int> EndOfChunks(int position, CancellationToken cancellationToken)
    {
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(position, _filled - position).IndexOf("\r\n"u8)) < 0)
            {
                await FillTo(_filled + 1, cancellationToken);
            }

            var size = int.Parse(Encoding.Latin1.GetString(_buffer, position, line).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

            // Size line, the chunk, and the line end behind it; the last chunk is empty. Nobody here sends trailers.
            position += line + 2 + size + 2;
            await FillTo(position, cancellationToken);
            if (size == 0)
            {
                return position;
            }
        }
    }

    private async Task<int> EndOfConnection(CancellationToken cancellationToken)
    {
        while (await Fill(cancellationToken))
        {
            // Nothing to look at before the end.
        }

        return _filled;
    }

    private async Task FillTo(int length, CancellationToken cancellationToken)
    {
        while (_filled < length)
        {
            if (!await Fill(cancellationToken))
            {
                throw new EndOfStreamException("The connection ended inside a body.");
            }
        }
    }

    private async Task<bool> Fill(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            if (_filled >= MaxMessage)
            {
                throw new InvalidDataException($"A message has more than {MaxMessage} bytes.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await connection.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read;
        return read > 0;
    }
}
