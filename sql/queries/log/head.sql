SELECT epoch, seq FROM streams WHERE id = $1
